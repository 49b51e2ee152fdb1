"""The details of refusals that a request can get although it fits its schema."""

# Rules about several members or about the shop's rows, which a request's schema can't express.
UNSAYABLE = [
    r"Can't be changed here.*",
    r"A new part says a price or a cost; 0 counts as said\.",
    r"(Nobody can see it|Turns text round): leave out .*",
    r"Turn pages by page or by cursor, not both\.",
    r"Not a cursor of this list in this order; start without one\.",
    r"Both added and removed: .*",
    r"Only a ticket that goes on_hold is held for a reason\.",
    r"Says nothing without \w+\.",
    r"Says nothing where less of a part is used\.",
    r".* comes by the piece: a whole number, not .*\.",
    r"Send one of adjustment and counted\.",
    r"Not together with markup_percentage\.",
    r"That one does not sign in\.",
    r"Longer than \d+ characters together\.",
    r"The terms stand with each part, in parts\.",
    r"At most \d+ of one part at once\.",
    r"Used for another request\.",
    r"Choose a password for your account\.",
    r"Not your e-mail address; choose what nobody knows of you\.",
    r"Too common: guessers try it first\. Several words are better\.",
    r"Must be from 1900 to 9000\.",
    r"Say for whom, by customer_id, or for which vehicle, by vehicle_id or vin\.",
    r"Say of which vehicle, by vehicle_id or vin\.",
    r"No vehicle has this VIN yet: say whose it is, and it is put on file\.",
    r"Vehicle \d+ (has another VIN|is on file otherwise; .*)\.",
    r"A reading is of a vehicle; without one, make it null, too\.",
    r"Say why it goes back from \w+ to \w+\.",
    r"An account needs an e-mail address.*",
    r"A VIN has 17 letters and digits\. Any other number has 3 to 20 characters: .*",
    r"A VIN never has I, O or Q \(ISO 3779\): read them again as 1 and 0\.",
    r"One thing in the query, another in the body\.",
]
# There, a member that is missing in the body may be in the query, and the other way round.
MAY_BE_IN_THE_QUERY = [*UNSAYABLE, r"Missing data for required field\."]
