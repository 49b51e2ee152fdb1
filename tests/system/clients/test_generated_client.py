"""A client generated from the document, by a generator that knows nothing of the shop, can work here."""

import importlib
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.factories import a_vin
from tests.live import MANAGER


@pytest.fixture(scope="module")
def generated(open_shop, tmp_path_factory):
    """The package that openapi-python-client makes of the document as it is served."""
    folder = tmp_path_factory.mktemp("generated")
    beside_this_python = str(Path(sys.executable).parent)  # where the generator finds its formatter
    done = subprocess.run(
        [
            *("openapi-python-client", "generate", "--meta", "none"),
            *("--url", f"http://127.0.0.1:{open_shop.port}/openapi.yaml"),
            *("--output-path", str(folder / "shop_client")),
        ],
        env=os.environ | {"PATH": beside_this_python + os.pathsep + os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    # YAML and PDF are nothing it can type; of everything else it makes a typed function.
    left_out = re.findall("WARNING parsing (.+) within", said)
    assert left_out == [
        "GET /service-tickets/{ticket_id}/estimate/pdf",
        "GET /invoices/{invoice_id}/pdf",
        "GET /credit-notes/{credit_note_id}/pdf",
        "GET /openapi.yaml",
    ], said
    with pytest.MonkeyPatch.context() as patched:
        patched.syspath_prepend(folder)
        yield lambda name: importlib.import_module(f"shop_client{name}")
    for name in [name for name in sys.modules if name.partition(".")[0] == "shop_client"]:
        del sys.modules[name]


@pytest.fixture
def ask(generated, open_shop):
    """`ask("customers.create", name="Alice")`: an operation by its id, as the live shop's manager."""
    url = f"http://127.0.0.1:{open_shop.port}"
    models, client = generated(".models"), generated(".client").Client(base_url=url)
    sign_in = generated(".api.auth.auth_login")
    with client:
        signed_in = sign_in.sync(client=client, body=models.SignIn.from_dict(MANAGER))
    assert isinstance(signed_in, models.SignedIn)
    signed_client = generated(".client").AuthenticatedClient(url, signed_in.access_token)
    with signed_client:

        def operation(operation_id, *args, **said):
            tag, _, _ = operation_id.partition(".")
            module = generated(f".api.{tag}.{operation_id.replace('.', '_')}")
            return module.sync(*args, client=signed_client, **said)

        yield operation


def test_a_day_at_the_desk_in_types(ask, generated):
    models = generated(".models")
    alice = ask("customers.create", body=models.CustomerCreate(name="Alice Driver"))
    assert isinstance(alice, models.CustomerOut)
    car = ask(
        "vehicles.create", alice.id, body=models.VehicleCreate(vin=a_vin(), make="Honda", year=2003)
    )
    assert isinstance(car, models.VehicleOut)
    ticket = ask(
        "service_tickets.create",
        body=models.TicketCreate(vehicle_id=car.id, problem_description="Grinding noise"),
    )
    assert isinstance(ticket, models.TicketOut)
    assert ticket.opened_at.utcoffset().total_seconds() == 0

    page = ask("service_tickets.index", vehicle_id=car.id)
    assert [item.id for item in page.items] == [ticket.id]
    assert page.pagination.total == 1


def test_a_refusal_has_a_type_too(ask, generated):
    models = generated(".models")
    wanted = models.CustomerCreate(name="Alice Driver", email="alice@example.com")
    wanted.password = "a long enough password"
    ask("customers.create", body=wanted)

    taken, missing = ask("customers.create", body=wanted), ask("vehicles.show", 4711)

    assert isinstance(taken, models.Problem)
    assert (taken.status, taken.code) == (409, "email_taken")
    assert isinstance(missing, models.Problem)
    assert (missing.status, missing.code) == (404, "not_found")


def test_several_parts_have_a_type_of_their_own(ask, generated):
    models = generated(".models")
    alice = ask("customers.create", body=models.CustomerCreate(name="Alice Driver"))
    car = ask("vehicles.create", alice.id, body=models.VehicleCreate(make="Honda"))
    wanted = models.TicketCreate(vehicle_id=car.id, problem_description="Grinding noise")
    ticket = ask("service_tickets.create", body=wanted)
    pads = ask(
        "inventory.create", body=models.PartCreate(name="Pads", price_cents=0, quantity_in_stock=4)
    )

    used = ask("service_tickets.use_parts", ticket.id, body=models.PartIds(part_ids=[pads.id]))

    assert isinstance(used, models.PartLinesOut)
    assert [line.part_id for line in used.items] == [pads.id]
