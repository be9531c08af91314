// Calls the server's JSON API. Whatever goes wrong becomes an ApiError with a sentence for a person.

import { hasMessage, t } from "./parts/messages.js";

export class ApiError extends Error {
  /**
   * @param {string} code
   * @param {string} message
   * @param {number} status of HTTP, 0 if there was no response
   */
  constructor(code, message, status) {
    super(message);
    this.name = "ApiError";
    this.code = code;
    this.status = status;
  }
}

/** @param {unknown} error @returns {boolean} whether the server could not be reached */
export function isOffline(error) {
  return error instanceof ApiError && error.code === "offline";
}

/** @param {string} path @param {Record<string, string>} [headers] */
export function getJSON(path, headers) {
  return request(path, { headers });
}

/** @param {string} path @param {Record<string, string>} [headers] */
export function deleteJSON(path, headers) {
  return request(path, { method: "DELETE", headers, keepalive: true }); // also while the page is left
}

/**
 * @param {string} path
 * @param {unknown} body
 */
export function postJSON(path, body) {
  return sendJSON("POST", path, body);
}

/**
 * @param {string} path
 * @param {unknown} body
 */
export function putJSON(path, body) {
  return sendJSON("PUT", path, body);
}

/** @param {string} method @param {string} path @param {unknown} body */
function sendJSON(method, path, body) {
  return request(path, {
    method,
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
}

/**
 * Tell the server what was really drawn in a round.
 *
 * @param {string} round its id
 * @param {string} label
 */
export function sendLabel(round, label) {
  return postJSON(`/api/rounds/${round}/feedback`, { label });
}

/**
 * @param {unknown} error
 * @returns {string} a sentence for a person
 */
export function describeError(error) {
  return error instanceof Error && error.message ? error.message : t("errors.unknown");
}

/**
 * @param {string} code of an error of the server
 * @param {string} message its sentence, in English
 * @returns {string} the same in the language of the page, if it has a text for this code
 */
export function translateError(code, message) {
  const key = `errors.${code}`;
  return hasMessage(key) ? t(key) : message;
}

/**
 * @param {any} body of a response, null if it was not JSON
 * @param {number} status of HTTP
 */
export function toError(body, status) {
  const { code, message } = body?.error ?? { code: "unexpected", message: "" };
  return new ApiError(code, translateError(code, message), status);
}

/**
 * @param {string} path
 * @param {RequestInit} [init]
 * @returns {Promise<any>}
 */
async function request(path, init) {
  const response = await fetch(path, init).catch(() => {
    throw new ApiError("offline", t("errors.offline"), 0);
  });
  const body = await response.json().catch(() => null);
  if (response.ok && body !== null) return body;
  throw toError(body, response.status);
}
