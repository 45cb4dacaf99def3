"""What each kind of task means, in plain words, and what its notice says: one table for page and docs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from beian.checks.names import dotted
from beian.records.notices import Concerned, Misreported, Shell
from beian.web.components import Term
from enterprise.models import Task, TaskKind

Write = Callable[[Any], str]


@dataclass(frozen=True, slots=True)
class Story:
    """What the bureau wants with a task of a kind, and how it is done with."""

    wants: str
    done: str


@dataclass(frozen=True, slots=True)
class Fact:
    """Something a notice says: its path in the JSON, what it is called, how it is written."""

    path: str
    label: str
    write: Write = str
    wide: bool = False
    code: bool = False


STORIES: Mapping[TaskKind, Story] = {
    TaskKind.CLOSURE: Story(
        "管局已注销这个网站（或其主体）的备案，本单位须停止为它提供接入。",
        "逐项停止下列域名和地址的接入，记录由谁、何时停止。全部停止后，系统才向管局确认收到这批数据。",
    ),
    TaskKind.CHECK: Story(
        "管局要求核实这份备案是否真实准确。",
        "联系主办者，逐项核对管局所列内容；有误的填写实际情况，再将结果上报。管局接收后任务办结。",
    ),
    TaskKind.UNFILED: Story(
        "管局在本单位的地址上发现这个域名没有备案。",
        "查明由谁接入，停止接入或督促备案，再上报处理结果。管局接收后任务办结。",
    ),
    TaskKind.ILLEGAL_ACCESS: Story(
        "管局发现这个域名未经许可直接接入。", "查明接入情况并处置，在下方写明处理情况；接口不要求反馈，管局可能复查。"
    ),
    TaskKind.CORRECTION: Story(
        "管局通知整改这份备案。", "联系主办者核实；需要变更或注销的，从这里发起申请，再写明处理情况。"
    ),
    TaskKind.BLACKLIST: Story(
        "本单位的备案或在办申请与管局的黑名单相符。",
        "停止为其办理；已接入的，与主办者核实后停止接入或注销，再写明处理情况。",
    ),
    TaskKind.CERTIFICATE: Story(
        "管局核查发现主体的证件信息有误。", "联系主办者，凭证件原件核实；证件有误的发起变更，再写明处理情况。"
    ),
    TaskKind.ACCESS: Story(
        "管局核查发现这个网站的接入与报备不符：多报，或者少报。",
        "核对网站实际的接入：多报的取消接入，少报的补报接入，再写明处理情况。",
    ),
    TaskKind.SHELL: Story(
        "管局核查认为这是空壳网站：有备案，而没有实际接入。",
        "与主办者核实：仍在使用的补报接入，不再使用的注销网站，再写明处理情况。",
    ),
    TaskKind.LIVENESS: Story(
        "管局检测到这个网站不能访问。", "与主办者核实：恢复访问，或者取消接入、注销网站，再写明处理情况。"
    ),
    TaskKind.UNTOLD: Story(
        "管局送来一项内容，系统不能归到本单位的申请或备案。",
        "对照下方内容查明它所说的申请或备案；说的是核实任务或未备案网站的，重新打开那件任务、更正后再报。查清后写明处理情况。",
    ),
}


def _misreported(value: Any) -> str:
    return {Misreported.OVER: "多报接入", Misreported.UNDER: "少报接入"}.get(value, str(value))


def _shell(value: Any) -> str:
    return {Shell.ALIVE: "可以访问", Shell.DEAD: "不能访问"}.get(value, str(value))


def _concerned(value: Any) -> str:
    return {Concerned.SPONSOR: "主体", Concerned.WEBSITE: "网站"}.get(value, str(value))


def _codes(value: Any) -> str:
    return "；".join(f"{each.get('code')} {each.get('description') or ''}".strip() for each in value)


def _opinions(value: Any) -> str:
    words = {0: "不通过", 1: "通过"}
    return "；".join(f"{words.get(each.get('verdict'), '')} {each.get('opinion') or ''}".strip() for each in value)


_REMARK = Fact("remark", "备注", wide=True)
_NUMBER = Fact("filing_number", "备案号", code=True)
_HOME_PAGE, _INSPECTED = Fact("home_page", "首页地址", code=True), Fact("inspected", "核查时间")

FACTS: Mapping[TaskKind, tuple[Fact, ...]] = {
    TaskKind.CLOSURE: (
        Fact("sponsor.name", "主办者"),
        Fact("website.name", "网站名称"),
        Fact("website.filing_number", "网站备案号", code=True),
        Fact("ordered.remark", "管局的说明", wide=True),
    ),
    TaskKind.CHECK: (Fact("instruction", "核实要求", wide=True),),
    TaskKind.UNFILED: (
        Fact("domain", "域名", code=True),
        Fact("address", "IP地址", dotted, code=True),
        Fact("carrier", "运营商标识", code=True),
        Fact("first_checked", "首次检测"),
        Fact("last_checked", "最近检测"),
        Fact("times", "检测次数"),
        _REMARK,
    ),
    TaskKind.ILLEGAL_ACCESS: (
        Fact("domain", "域名", code=True),
        Fact("address", "IP地址", dotted, code=True),
        Fact("provider", "直接接入者标识", code=True),
        Fact("checked", "检测时间"),
        _REMARK,
    ),
    TaskKind.CORRECTION: (
        Fact("what", "对象", _concerned),
        _NUMBER,
        Fact("text", "通知内容", wide=True),
        _REMARK,
    ),
    TaskKind.BLACKLIST: (
        Fact("listed.name", "黑名单条目"),
        Fact("words", "本单位的备案或申请", wide=True),
        Fact("listed.remark", "列入原因", wide=True),
    ),
    TaskKind.CERTIFICATE: (Fact("name", "主办者"), Fact("fault", "错误原因", wide=True), _REMARK),
    TaskKind.ACCESS: (
        _NUMBER,
        Fact("result", "核查结果", _misreported),
        Fact("domain", "域名", code=True),
        Fact("resolved", "解析到的IP地址", dotted, code=True),
        _INSPECTED,
        _REMARK,
    ),
    TaskKind.SHELL: (_NUMBER, Fact("result", "核查结果", _shell), _HOME_PAGE, _INSPECTED, _REMARK),
    TaskKind.LIVENESS: (_NUMBER, _HOME_PAGE, _INSPECTED, _REMARK),
    TaskKind.UNTOLD: (
        Fact("result.subject", "结果所指的编号", code=True),
        Fact("result.codes", "返回的结果", _codes, wide=True),
        Fact("result.remark", "管局的说明", wide=True),
        Fact("opinions", "审核意见", _opinions, wide=True),
        Fact("filing.sponsor.name", "主办者"),
        Fact("problem", "系统遇到的问题", wide=True),
    ),
}


def facts(task: Task) -> list[Term]:
    """Give what the notice of a task says; what it leaves out is left out."""
    found = ((each, _at(task.content, each.path)) for each in FACTS[TaskKind(task.kind)])
    return [
        Term(each.label, each.write(value), wide=each.wide, code=each.code)
        for each, value in found
        if value not in (None, "", [])
    ]


def _at(content: Any, path: str) -> Any:
    for step in path.split("."):
        content = content.get(step) if isinstance(content, Mapping) else None
    return content
