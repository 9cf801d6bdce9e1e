"""The ladder: what an editor writes of a rung, and the rung that films are encoded for."""

from __future__ import annotations

from dataclasses import fields

from site_builder.library.ladder import Rung, RungSetting


def test_a_rung_is_its_name_and_what_the_settings_say_of_it() -> None:
    assert [field.name for field in fields(Rung)] == ["name", *RungSetting.model_fields]
