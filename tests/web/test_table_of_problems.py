"""Every code of a problem has one meaning and one remedy, on a page to which its type leads."""

import re

import pytest
from markupsafe import escape

from app.errors import every_refusal

pytestmark = pytest.mark.one_database  # what the web layer does is the same on both


@pytest.mark.parametrize("refusal", every_refusal(), ids=lambda refusal: refusal.code)
def test_every_refusal_says_what_it_means_and_what_to_do(refusal):
    for said in (refusal.meaning(), refusal.remedy()):
        assert said[0].isupper()
        assert said.endswith(".")
        assert said.count("`") % 2 == 0


def test_every_code_has_one_refusal():
    codes = [refusal.code for refusal in every_refusal()]

    assert sorted(codes) == sorted(set(codes))


@pytest.mark.parametrize("prefix", ["", "/api"])
def test_the_type_of_every_problem_leads_to_what_it_means(client, prefix):
    page = client.get(f"{prefix}/problems").text

    anchors = re.findall(r'<tr id="(\w+)">', page)
    assert anchors == [refusal.code for refusal in every_refusal()]
    for refusal in every_refusal():
        assert escape(refusal.remedy().partition("`")[0]) in page


def test_the_page_of_problems_asks_nobody_else_for_anything(client):
    page = client.get("/problems").text

    assert re.findall(r'(?:src|href)="(?!#)([^"]*)"', page) == ["/docs"]
    assert not re.search(r"//|url\(|@import|<script", page)


def test_the_type_of_a_problem_leads_to_what_it_means(client):
    page, _, anchor = client.get("/inventory/987654").json["type"].partition("#")
    assert f'id="{anchor}"' in client.get(page).get_data(as_text=True)
