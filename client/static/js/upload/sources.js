// Where a picture may come from: a chosen file, the camera, a drop anywhere on the page, or the clipboard.

import { find } from "../parts/page.js";

/** @param {(file: File) => void} onPicture */
export function listen(onPicture) {
  for (const name of ["file", "camera"]) {
    const input = find(`[data-testid=${name}]`, HTMLInputElement);
    input.addEventListener("change", () => {
      take(input.files);
      // So that choosing the same file once more is a change as well.
      input.value = "";
    });
  }

  const zone = find("[data-testid=drop]", HTMLElement);
  let inside = 0;
  document.addEventListener("dragenter", (event) => {
    if (!carriesFiles(event)) return;
    inside += 1;
    zone.dataset.over = "true";
  });
  document.addEventListener("dragleave", (event) => {
    if (!carriesFiles(event)) return;
    inside -= 1;
    if (inside <= 0) leave();
  });
  // A picture dropped beside the zone is meant for it too; the browser would leave the page to show it.
  document.addEventListener("dragover", (event) => {
    if (carriesFiles(event)) event.preventDefault();
  });
  document.addEventListener("drop", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    leave();
    take(event.dataTransfer?.files);
  });
  document.addEventListener("paste", (event) => {
    if (event.clipboardData?.files.length) {
      event.preventDefault();
      take(event.clipboardData.files);
    }
  });

  function leave() {
    inside = 0;
    delete zone.dataset.over;
  }

  /** @param {FileList | null | undefined} files */
  function take(files) {
    if (files?.length) onPicture(files[0]);
  }
}

/** @param {DragEvent} event */
function carriesFiles(event) {
  return event.dataTransfer?.types.includes("Files") ?? false;
}
