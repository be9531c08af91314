from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from game.app import STATIC
from game.web.scripts import BadScript, join_scripts
from tests.game.conftest import Client

PACKAGES = {"pens": "vendor/pens-1.0.js"}
SCRIPTS = {
    "js/play/page.js": """// Prints what the others export.
import "../log.js";
import {
  a,
  b as c,
} from "../parts/a.js";
import { draw } from "pens";
import { log } from "../log.js";

/** @type {import("../parts/a.js").Kind} */
const kind = draw(await Promise.resolve("ink"));
log(a, c(), kind);
console.log(JSON.stringify(log.all));
export const done = true;
""",
    "js/log.js": """/**
 * Collects.
 */
export function log(...values) {
  log.all.push(...values); // "import" and "export" in a comment or text are nothing
}
log.all = ["log"];
""",
    "js/parts/a.js": """import { log } from "../log.js";
log("a");
const SECRET = 3;
export const a = `one

// not a comment
two`;
export async function* rows() {}
function read() { return SECRET; }
export { read as b };
""",
    "vendor/pens-1.0.js": "const s=1,d=x=>x+s;f();function f(){}export{d as default,d as draw};\n//# source=x",
}


def test_the_joined_module_does_what_the_separate_ones_do(node: str, tmp_path: Path) -> None:
    (tmp_path / "package.json").write_text('{"type": "module"}')
    for path, text in SCRIPTS.items():
        target = tmp_path / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text.replace('"pens"', '"../../vendor/pens-1.0.js"'))
    lines = join_scripts("js/play/page.js", SCRIPTS, PACKAGES)
    (tmp_path / "joined.js").write_text("\n".join(line.text for line in lines))
    outputs = [
        subprocess.run([node, path], cwd=tmp_path, capture_output=True, text=True, check=True).stdout
        for path in ("js/play/page.js", "joined.js")
    ]
    assert outputs[0] == outputs[1] == '["log","a","one\\n\\n// not a comment\\ntwo",3,"ink1"]\n'


def test_comments_on_lines_of_their_own_are_left_out() -> None:
    joined = [line.text for line in join_scripts("js/log.js", SCRIPTS, {})]
    assert not any("Collects" in line for line in joined)
    assert any("are nothing" in line for line in joined)


def test_a_line_knows_where_it_is_from() -> None:
    for line in join_scripts("js/play/page.js", SCRIPTS, PACKAGES):
        if line.path:
            written = SCRIPTS[line.path].split("\n")[line.number]
            assert line.text in written


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("export default 1;", "not known: export default 1"),
        ("export let a = 1;", "not known: export let a"),
        ("export const { a } = {};", "not known: export const"),
        ("export * from './log.js';", "not known: export \\*"),
        ('export { log } from "../log.js";', "not known: export"),
        ('import * as log from "../log.js";', "not known: import"),
        ('import log from "../log.js";', "not known: import"),
        ('const a = await import("../log.js");', "not known: const a = await import"),
        ("const a = import.meta.url;", "not known: const a"),
        ('import { log } from "../no.js";', "no module"),
        ('import { log } from "unknown";', "no module"),
        ('import { nothing } from "../log.js";', "does not export nothing"),
        ('import { "a b" as c } from "../log.js";', "cannot read the names"),
        ('import { x } from "../circle.js";', "in a circle: js/bad/page.js → js/circle.js → js/bad/page.js"),
    ],
)
def test_what_cannot_be_joined_is_an_error_that_says_where(text: str, reason: str) -> None:
    scripts = SCRIPTS | {"js/bad/page.js": text, "js/circle.js": 'import "./bad/page.js";\nexport const x = 1;'}
    with pytest.raises(BadScript, match=rf"js/bad/page\.js.*{reason}|{reason}"):
        join_scripts("js/bad/page.js", scripts, PACKAGES)


@pytest.mark.slow
async def test_every_script_of_a_page_can_be_read(client: Client, node: str, tmp_path: Path) -> None:
    for page in STATIC.glob("js/*/page.js"):
        answer = await client.get(f"/static/{page.relative_to(STATIC).as_posix()}")
        joined = tmp_path / f"{page.parent.name}.mjs"
        joined.write_text(await answer.get_data(as_text=True))
        assert not re.search(r"^(import|export)\b", joined.read_text(), re.MULTILINE)
        done = subprocess.run([node, "--check", joined], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
