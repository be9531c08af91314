// Makes a duel. Its page is /room/<code>; the server knows the player's seat there by the cookie.

import { connect } from "./connection.js";

/**
 * @param {string} name of the player, empty for a generated one
 * @param {string} alphabet
 * @returns {Promise<string>} the code of the room
 * @throws {Error} with a sentence for a person
 */
export function openDuel(name, alphabet) {
  return new Promise((resolve, reject) => {
    const connection = connect(
      { type: "join", mode: "duel", alphabet, name: name || undefined },
      {
        onMessage(message) {
          if (message.type !== "welcome" || !message.room) return;
          connection.close();
          resolve(message.room);
        },
        onLost() {},
        onEnd: ({ text }) => reject(new Error(text)),
      },
    );
  });
}
