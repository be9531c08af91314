from __future__ import annotations

import pytest

from game.web.stylesheets import BadStylesheet, join_stylesheets

SHEETS = {
    "css/pages/play.css": '/* All. */\n@import "common.css";\n@import "../play.css";\n\nb {\n  color: red;\n}\n',
    "css/pages/common.css": '@import "../tokens.css";\n',
    "css/tokens.css": '@font-face { src: url("../fonts/a.woff2") }/* a */\nq::before { content: "/* a */" }\n',
    "css/play.css": '@import "tokens.css";\na { b: url(#), url("data:x"), url(/c.svg), url(d.svg), url(e.svg) }\n',
}


def test_sheets_are_joined_once_each_in_their_order_with_addresses_that_still_lead_there() -> None:
    assert join_stylesheets("css/pages/play.css", SHEETS, {"css/e.svg": "data:e"}) == (
        '@font-face { src: url("../../fonts/a.woff2") } \nq::before { content: "/* a */" }\n'
        'a { b: url("#"), url("data:x"), url("/c.svg"), url("../d.svg"), url("data:e") }\n'
        "b {\n  color: red;\n}"
    )


@pytest.mark.parametrize(
    "text",
    [
        '@import "no.css";',
        "@import url(a.css);",
        'a { color: red }\n@import "tokens.css";',
        '@import "a.css" print;',
    ],
)
def test_an_import_that_cannot_be_joined_is_an_error(text: str) -> None:
    with pytest.raises(BadStylesheet, match=r"^css/bad:"):
        join_stylesheets("css/bad", SHEETS | {"css/bad": text, "css/a.css": ""}, {})
