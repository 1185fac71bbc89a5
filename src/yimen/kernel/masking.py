"""How personal data looks on screen: enough to recognise, not enough to use (个人信息保护法第五十一条)."""


def mask_name(name: str) -> str:
    """林晓燕 → 林*燕; 林燕 → 林*; a single character stays."""
    if len(name) <= 1:
        return name
    if len(name) == 2:
        return name[0] + "*"
    return name[0] + "*" * (len(name) - 2) + name[-1]


def mask_id_number(number: str) -> str:
    """440101199001011234 → 4401**********1234: region and last four only, never the birth date."""
    if len(number) <= 8:
        return "*" * len(number)
    return number[:4] + "*" * (len(number) - 8) + number[-4:]


def mask_phone(phone: str) -> str:
    """13800138000 → 138****8000."""
    if len(phone) < 8:
        return "*" * len(phone)
    return phone[:3] + "*" * (len(phone) - 7) + phone[-4:]
