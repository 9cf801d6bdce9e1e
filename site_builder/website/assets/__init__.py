"""Styles, scripts, colours and icons: what pages load beside their HTML, made from `theme/` and Material."""
