"""Looking at personal data that a page keeps masked: asked for with a reason, which is written down."""

from django import forms

from beian.web.forms import Form

REVEAL_REASONS = ("与证件扫描件核对", "电话核实联系方式", "约定当面核验时间", "核查重复或冗余备案")
"""The usual ones; another may be typed."""


class RevealForm(Form):
    """Why personal data is looked at."""

    reason = forms.CharField(label="查看原因", max_length=200)
