"""Korean particles follow the sound that a word ends with."""

import pytest

from jikim.render.particles import Particle, with_particle


@pytest.mark.parametrize(
    ("word", "particle", "said"),
    [
        ("회원", "은", "회원은"),
        ("회사", "은", "회사는"),
        ("이메일", "으로", "이메일로"),
        ("전화", "으로", "전화로"),
        ("서면", "으로", "서면으로"),
        ("이름", "과", "이름과"),
        ("주소", "과", "주소와"),
        ("3", "이", "3이"),
        ("2", "이", "2가"),
        ("10", "을", "10을"),
        ("1,000", "으로", "1,000으로"),
        ("7", "으로", "7로"),
        ("0", "은", "0은"),
        ("2.50", "은", "2.50은"),
        ("URL", "으로", "URL로"),
        ("SMS", "을", "SMS를"),
        ("PIN", "이", "PIN이"),
        ("Google", "이", "Google이"),
        ("Slack", "은", "Slack은"),
        ("Stripe", "은", "Stripe는"),
        ("Chrome", "을", "Chrome을"),
        ("Example Mail LLC", "이", "Example Mail LLC가"),
        ("Example Chat, Inc.", "은", "Example Chat, Inc.는"),
        ("예시메일(미국)", "으로", "예시메일(미국)로"),
        ("“로그”", "을", "“로그”를"),
        ("東京", "은", "東京은(는)"),
        ("", "으로", "(으)로"),
    ],
)
def test_a_particle_follows_the_sound_of_the_word_s_end(word: str, particle: Particle, said: str) -> None:
    assert with_particle(word, particle) == said
