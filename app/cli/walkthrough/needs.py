"""The earlier calls that each request of the Postman collection depends on, such as the sign-in.

A user of Postman can send a single request or folder. A script then first sends the earlier calls that
it depends on, unless they were already sent.
"""

import json
import re

from app.cli.walkthrough.call import TEMPLATE, Call
from app.cli.walkthrough.scenes import DAY

CALLS = tuple(call for scene in DAY for call in scene.calls)
ASKED = {"run", "manager_email", "manager_password"}  # variables that no answer sets
SHOP = "/shop"  # stands for the shop's settings, which have no id
SCRIPT = """\
// A folder or a request works by itself: what it needs of the day, and was not sent yet, is sent first.
// A day begins anew with another shop, before its tokens expire, and where a folder is run again.
const ACTS = %s;
const NEEDS = %s;
const FIRST = %s;
const known = pm.collectionVariables;
const shop = pm.variables.replaceIn("{{baseUrl}} {{manager_email}}");
const isOver = Date.now() - Number(known.get("began")) > 50 * 60 * 1000;
let done = JSON.parse(known.get("done") || "[]");
const isRunAgain = FIRST.includes(pm.info.requestName) && done.includes(pm.info.requestName);
if (isOver || isRunAgain || known.get("shop") !== shop) {
    done = [];
    known.set("began", Date.now());
    known.set("shop", shop);
    known.set("done", "[]");
    known.set("run", "-" + Date.now().toString(36));  // what this day makes gets names of its own
    known.set("car_vin", vin());
    known.set("older_vin", vin());
}
send((NEEDS[pm.info.requestName] || []).filter((name) => !done.includes(name)));

function send([name, ...others]) {
    if (!name) {
        return;
    }
    const { keeps, status, ...act } = ACTS[name];
    const request = JSON.parse(JSON.stringify(act), (_, value) =>
        typeof value === "string" ? pm.variables.replaceIn(value) : value);
    pm.sendRequest(request, (error, answer) => {
        const seconds = error ? 0 : Number(answer.headers.get("Retry-After"));
        if (!error && answer.code === 429 && seconds <= 60) {
            setTimeout(() => send([name, ...others]), seconds * 1000);
        } else if (error || (answer.code >= 400 && answer.code !== status)) {
            pm.test(`${name}, which this request needs`, () => pm.expect.fail(error || answer.text()));
        } else {
            for (const [kept, where] of Object.entries(keeps)) {
                known.set(kept, where === "ETag" ? answer.headers.get("ETag")
                    : where.split(".").reduce((value, step) => value[step], answer.json()));
            }
            done.push(name);
            known.set("done", JSON.stringify(done));
            send(others);
        }
    });
}

// A random one with its check digit (49 CFR 565.15).
function vin() {
    const signs = "0123456789ABCDEFGHJKLMNPRSTUVWXYZ";
    const values = "012345678912345678123457923456789";
    const weights = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];
    const made = [..."1HGCM82603"];
    while (made.length < 17) {
        made.push(signs[Math.floor(Math.random() * signs.length)]);
    }
    const sum = made.reduce((sum, sign, i) => sum + values[signs.indexOf(sign)] * weights[i], 0);
    made[8] = "0123456789X"[sum %% 11];
    return made.join("");
}
"""


def needs() -> dict[str, list[Call]]:
    """Return the earlier calls that each API call of the walkthrough depends on: `{name: [call]}`.

    They are in order, and include those on which the call depends only indirectly.
    """
    places: list[set[int]] = []
    for place in range(len(CALLS)):
        at_once = set(_at_once(place))
        places.append(at_once.union(*(places[each] for each in at_once)))
    return {
        call.name: [CALLS[place] for place in sorted(before)]
        for call, before in zip(CALLS, places, strict=True)
    }


def script() -> str:
    """Return the JavaScript that Postman runs before each request of the collection."""
    needed = {name: [each.name for each in calls] for name, calls in needs().items() if calls}
    names = {name for others in needed.values() for name in others}
    acts = {call.name: _act(call) for call in CALLS if call.name in names}
    first = [scene.calls[0].name for scene in DAY]
    return SCRIPT % (_in_lines(acts), _in_lines(needed), json.dumps(first, ensure_ascii=False))


def _in_lines(members):
    """Return the dict `members` as a JSON object, with one line for each member."""
    lines = (json.dumps({name: each}, ensure_ascii=False)[1:-1] for name, each in members.items())
    return "{\n" + ",\n".join(lines) + "\n}"


def body_of(call: Call) -> str:
    """Return the request body as text; templates of ids and cents are not quoted, as they are numbers."""
    if call.raw is not None:
        return call.raw
    text = json.dumps(call.body, indent=4, ensure_ascii=False)
    return re.sub(r'"({{\w+_(?:id|cents)}})"', r"\1", text)


def _at_once(place):
    """Yield the indexes in CALLS of the earlier calls that a call depends on directly.

    `place` is the index of the call. It depends on the last calls that saved the values it uses, and on
    all calls that changed the same things. A call that uses no value except its token, and checks
    members of its answer, also depends on all changes made with that token.
    """
    call = CALLS[place]
    names = _names(call)
    names_nothing = call.expects and names <= {f"{call.as_}_token"}
    for name in names:
        for maker in [at for at in range(place) if name in CALLS[at].saves][-1:]:
            yield maker
            names = names | (_names(CALLS[maker]) if names_nothing else set())
    for at in range(place):
        touched = _touched(at)
        by_the_same = names_nothing and CALLS[at].as_ == call.as_
        if touched & names or (touched - {SHOP} and by_the_same):
            yield at


def _touched(place):
    """Return the names of the saved values that stand for the things that a call changes.

    `place` is the index of the call in CALLS. The names are those in its path and body or, if there are
    none, the token of its sender. A GET or a refused call changes nothing: the set is empty.
    """
    call = CALLS[place]
    if call.method == "GET" or call.status >= 400:
        return set()
    if call.path == SHOP:
        return {SHOP}
    named = _named(call.path, call.body)
    if call.method == "DELETE":  # changes also what the deleted thing referred to
        makers = [each for each in CALLS[:place] if named & each.saves.keys()]
        named |= _named([(each.path, each.body) for each in makers])
    return named or ({f"{call.as_}_token"} if call.as_ else set())


def _names(call):
    """Return the names of all saved values that a call uses; add SHOP if it reads or changes `/shop`."""
    said = (call.path, call.body, dict(call.headers), dict(call.expects), dict(call.among))
    the_shop = {SHOP} & {call.path}
    return _named(*said) | the_shop | ({f"{call.as_}_token"} if call.as_ else set())


def _named(*said):
    return set(TEMPLATE.findall(json.dumps(said, default=dict))) - ASKED


def _act(call):
    headers = dict(call.headers)
    if call.as_:
        headers["Authorization"] = f"Bearer {{{{{call.as_}_token}}}}"
    act: dict = {"method": call.method, "url": "{{baseUrl}}" + call.path, "header": headers}
    if call.body is not None:
        headers["Content-Type"] = "application/json"
        act["body"] = {"mode": "raw", "raw": body_of(call)}
    return act | {"status": call.status, "keeps": dict(call.saves)}
