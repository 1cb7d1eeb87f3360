"""Phone numbers: what was typed, as +E.164. Short emergency codes (15, 3114) are no numbers of this kind."""

import phonenumbers

# What a number looks like where the family lives, for the sentence beside a refused one.
EXAMPLES = {"FR": "01 99 00 31 07", "RE": "0262 00 12 34"}


def example(region: str) -> str:
    """A number as it is written in this region."""
    return EXAMPLES.get(region, EXAMPLES["FR"])


def e164(text: str, region: str) -> str | None:
    """The number as +E.164, None when it is not one.

    A number without "+" must exist in the territory's own region: 0692… is a mobile in Réunion and nothing in
    mainland France. With its country code any number is taken: families live near borders.
    """
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    is_national = number.country_code == phonenumbers.country_code_for_region(region)
    typed_national = not text.strip().startswith(("+", "00"))
    if typed_national and not (is_national and phonenumbers.is_valid_number_for_region(number, region)):
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
