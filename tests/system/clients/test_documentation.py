"""The documentation in a browser: what its first screen shows, and that it can be tried out."""

import re

import pytest
from playwright.sync_api import expect

# A page in a browser is the same, whatever the database behind it.
pytestmark = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)

PHONE, DESKTOP = (390, 844), (1280, 800)


def opened(page, shop):
    """The answer of /docs, when Swagger UI has read the whole document."""
    answer = page.goto(f"http://127.0.0.1:{shop.port}/docs")
    page.locator(".opblock").first.wait_for(timeout=60_000)
    return answer


def filtered(page, tag):
    """Show the operations of one tag: of a long list, Swagger UI renders only what is on the screen."""
    page.locator(".operation-filter-input").fill(tag)
    expect(page.locator(".opblock-tag").first).to_have_attribute("data-tag", tag)
    page.locator(".opblock").first.wait_for()


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_the_first_screen_shows_an_operation_and_how_to_sign_in(page, open_shop, photograph, size):
    here = f"http://127.0.0.1:{open_shop.port}"
    page.set_viewport_size(dict(zip(("width", "height"), size, strict=True)))
    policy = opened(page, open_shop).headers["content-security-policy"]

    for shown in (
        page.get_by_role("button", name="Authorize").first,
        page.get_by_placeholder("Filter by tag or path"),
        page.locator(".opblock").first,
        page.get_by_text("What clients may rely on").first,
    ):
        expect(shown).to_be_in_viewport(ratio=1)
    expect(page.get_by_text("Idempotency-Key").first).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") == size[0]
    assert "script-src 'self';" in policy
    assert "frame-ancestors 'none'" in policy
    elsewhere = [url for url in page.asked if not url.startswith((f"{here}/", "data:", "blob:"))]
    assert (elsewhere, page.wrong) == ([], [])
    photograph(f"docs-{size[0]}")


def test_the_promises_unfold_and_what_is_deprecated_comes_last(page, open_shop):
    opened(page, open_shop)
    page.get_by_text("What clients may rely on").first.click()

    expect(page.get_by_role("heading", name="Idempotency")).to_be_visible()
    expect(
        page.get_by_text("The same key with the same method, path and body acts once")
    ).to_be_visible()
    tags = page.evaluate("ui.specSelectors.taggedOperations().keySeq().toJS()")
    assert tags[-1] == "older"
    filtered(page, "older")
    deprecated = page.locator(".opblock-deprecated")
    assert deprecated.count() == page.locator(".opblock").count() > 10


def test_who_wants_to_authorize_is_told_where_the_token_comes_from(page, open_shop):
    opened(page, open_shop)
    page.get_by_role("button", name="Authorize").first.click()

    dialog = page.locator(".dialog-ux")
    for way in ("POST /auth/login", "python3 dev.py", "flask create-manager"):
        expect(dialog).to_contain_text(way)


def test_the_documentation_can_be_tried_out(page, open_shop, photograph):
    here = f"http://127.0.0.1:{open_shop.port}"
    opened(page, open_shop)
    page.get_by_role("button", name="Authorize").first.click()
    dialog = page.locator(".dialog-ux")
    dialog.get_by_role("textbox").fill(open_shop.token)
    dialog.get_by_role("button", name=re.compile("Apply")).click()
    dialog.get_by_role("button", name="Close", exact=True).click()

    filtered(page, "inventory")
    make, look = (page.locator(f".opblock-{each}", has=page.locator('[data-path="/inventory"]'))
                  for each in ("post", "get"))  # fmt: skip
    make.locator(".opblock-summary-control").click()
    example = make.locator("textarea.body-param__text")
    expect(example).to_have_value(re.compile('"part_number"'))
    example.fill(re.sub('("part_number": )"[^"]*"', r'\1"TRIED-OUT"', example.input_value()))
    make.get_by_role("button", name="Execute").click()
    answer = make.locator(".live-responses-table .response")
    expect(answer.locator(".response-col_status")).to_contain_text("201")
    expect(answer).to_contain_text('"part_number": "TRIED-OUT"')
    make.get_by_text("Server response").evaluate("each => each.scrollIntoView()")
    photograph("swagger-ui")

    look.locator(".opblock-summary-control").click()
    look.get_by_role("button", name="Execute").click()
    answer = look.locator(".live-responses-table .response")
    expect(answer.locator(".response-col_status")).to_contain_text("200")
    expect(answer).to_contain_text("TRIED-OUT")

    found = open_shop.ask("GET", "/inventory?q=TRIED-OUT")[2]["items"]
    assert [part["part_number"] for part in found] == ["TRIED-OUT"]
    elsewhere = [url for url in page.asked if not url.startswith((f"{here}/", "data:", "blob:"))]
    assert (elsewhere, page.wrong) == ([], [])
