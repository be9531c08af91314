// Where pictures may come from: chosen files, the camera, a drop anywhere on the page, or the clipboard.

import { find } from "../parts/dom.js";

/** @param {(files: File[]) => void} onPictures */
export function listenForPictures(onPictures) {
  for (const name of ["file", "camera"]) {
    const input = find(`[data-testid=${name}]`, HTMLInputElement);
    input.addEventListener("change", () => {
      take(input.files);
      // Otherwise choosing the same file again would not be a change.
      input.value = "";
    });
  }

  const zone = find("[data-testid=drop]", HTMLElement);
  let depth = 0; // how many nested elements the dragged file has entered
  document.addEventListener("dragenter", (event) => {
    if (!hasFiles(event)) return;
    depth += 1;
    zone.dataset.over = "true";
  });
  document.addEventListener("dragleave", (event) => {
    if (!hasFiles(event)) return;
    depth -= 1;
    if (depth <= 0) endDrag();
  });
  // A picture dropped beside the zone is meant for it too. Otherwise the browser would leave the page to show it.
  document.addEventListener("dragover", (event) => {
    if (hasFiles(event)) event.preventDefault();
  });
  document.addEventListener("drop", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    endDrag();
    take(event.dataTransfer?.files);
  });
  document.addEventListener("paste", (event) => {
    if (event.clipboardData?.files.length) {
      event.preventDefault();
      take(event.clipboardData.files);
    }
  });

  function endDrag() {
    depth = 0;
    delete zone.dataset.over;
  }

  /** @param {FileList | null | undefined} files */
  function take(files) {
    if (files?.length) onPictures([...files]);
  }
}

/** @param {DragEvent} event */
function hasFiles(event) {
  return event.dataTransfer?.types.includes("Files") ?? false;
}
