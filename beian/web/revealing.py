"""Looking at personal data that a page keeps masked: asked for with a reason, which is written down."""

from django import forms

from beian.web.forms import Form

USUAL_REASONS = ("与证件扫描件核对", "电话核实联系方式")
"""Those of every portal, which adds its own; another may be typed."""


class RevealForm(Form):
    """Why personal data is looked at."""

    reason = forms.CharField(label="查看原因", max_length=200)
