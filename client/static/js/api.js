// Talking to the server's JSON API. What goes wrong becomes an ApiError with a sentence for a person.

export class ApiError extends Error {
  /**
   * @param {string} code
   * @param {string} message
   * @param {number} status of HTTP, 0 where there was no answer
   */
  constructor(code, message, status) {
    super(message);
    this.name = "ApiError";
    this.code = code;
    this.status = status;
  }
}

/** @param {string} path */
export function getJSON(path) {
  return ask(path);
}

/** @param {string} path */
export function deleteJSON(path) {
  return ask(path, { method: "DELETE" });
}

/**
 * @param {string} path
 * @param {unknown} body
 * @param {AbortSignal} [signal]
 */
export function postJSON(path, body, signal) {
  return ask(path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
    signal,
  });
}

/**
 * @param {string} path
 * @param {FormData} form
 */
export function postForm(path, form) {
  return ask(path, { method: "POST", body: form });
}

/**
 * @param {string} path
 * @param {RequestInit} [init]
 * @returns {Promise<any>}
 */
async function ask(path, init) {
  const response = await fetch(path, init).catch((error) => {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new ApiError("offline", "The server cannot be reached. Check your connection and try again.", 0);
  });
  const answer = await response.json().catch(() => null);
  if (response.ok && answer !== null) return answer;
  throw new ApiError(
    answer?.error?.code ?? "unexpected",
    answer?.error?.message ?? "The server gave an answer that makes no sense. Please try again.",
    response.status,
  );
}
