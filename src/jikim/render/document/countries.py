"""Names of countries by ISO 3166-1 code, in Korean and in English: those that services name. Pure."""

from collections.abc import Mapping
from typing import Final

from jikim.render.wording import Language, Words

NAMES: Final[Mapping[str, Words]] = {
    "AE": ("아랍에미리트", "United Arab Emirates"),
    "AR": ("아르헨티나", "Argentina"),
    "AT": ("오스트리아", "Austria"),
    "AU": ("호주", "Australia"),
    "BE": ("벨기에", "Belgium"),
    "BG": ("불가리아", "Bulgaria"),
    "BR": ("브라질", "Brazil"),
    "CA": ("캐나다", "Canada"),
    "CH": ("스위스", "Switzerland"),
    "CL": ("칠레", "Chile"),
    "CN": ("중국", "China"),
    "CY": ("키프로스", "Cyprus"),
    "CZ": ("체코", "Czechia"),
    "DE": ("독일", "Germany"),
    "DK": ("덴마크", "Denmark"),
    "EE": ("에스토니아", "Estonia"),
    "ES": ("스페인", "Spain"),
    "FI": ("핀란드", "Finland"),
    "FR": ("프랑스", "France"),
    "GB": ("영국", "United Kingdom"),
    "GR": ("그리스", "Greece"),
    "HK": ("홍콩", "Hong Kong"),
    "HR": ("크로아티아", "Croatia"),
    "HU": ("헝가리", "Hungary"),
    "ID": ("인도네시아", "Indonesia"),
    "IE": ("아일랜드", "Ireland"),
    "IL": ("이스라엘", "Israel"),
    "IN": ("인도", "India"),
    "IS": ("아이슬란드", "Iceland"),
    "IT": ("이탈리아", "Italy"),
    "JP": ("일본", "Japan"),
    "KR": ("대한민국", "Korea"),
    "LI": ("리히텐슈타인", "Liechtenstein"),
    "LT": ("리투아니아", "Lithuania"),
    "LU": ("룩셈부르크", "Luxembourg"),
    "LV": ("라트비아", "Latvia"),
    "MT": ("몰타", "Malta"),
    "MX": ("멕시코", "Mexico"),
    "MY": ("말레이시아", "Malaysia"),
    "NL": ("네덜란드", "Netherlands"),
    "NO": ("노르웨이", "Norway"),
    "NZ": ("뉴질랜드", "New Zealand"),
    "PH": ("필리핀", "Philippines"),
    "PL": ("폴란드", "Poland"),
    "PT": ("포르투갈", "Portugal"),
    "RO": ("루마니아", "Romania"),
    "RU": ("러시아", "Russia"),
    "SA": ("사우디아라비아", "Saudi Arabia"),
    "SE": ("스웨덴", "Sweden"),
    "SG": ("싱가포르", "Singapore"),
    "SI": ("슬로베니아", "Slovenia"),
    "SK": ("슬로바키아", "Slovakia"),
    "TH": ("태국", "Thailand"),
    "TR": ("튀르키예", "Türkiye"),
    "TW": ("대만", "Taiwan"),
    "UA": ("우크라이나", "Ukraine"),
    "US": ("미국", "United States"),
    "VN": ("베트남", "Vietnam"),
    "ZA": ("남아프리카공화국", "South Africa"),
}


def country(code: str, language: Language) -> str:
    """Its name; a country that has none here stands by its code."""
    names = NAMES.get(code)
    return code if names is None else names[0] if language == "ko" else names[1]
