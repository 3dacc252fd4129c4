"""A prompt that leaves everything open gets a hint in its language; one that says anything gets none."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nemo_widgets.protocol.hints import EDIT_HINT, EDIT_HINT_ZH, NEW_HINT, NEW_HINT_ZH, hint
from nemo_widgets.protocol.routing import route

VAGUE_EDIT = """make it look better · Make it better! · make this look nicer please · make the video more interesting
make it pop · Can you improve it? · improve the video · enhance it · fix it · edit my video
polish it a bit · do something with it · spice it up · better · more · cooler · surprise me · change it
make it good · make it look more professional · try something else · I don't like it
make it a bit better · it should look better · please make my clip look amazing · not good enough
do your magic · edit this · change something · make it really cool"""
VAGUE_NEW = """do something cool · make a video · create a video · generate a clip · make me a cool video · a video
video · make something · make something cool · create an awesome movie · I want a video
give me something cool · a short clip · generate something new · can you make a video?
please create a nice clip"""
VAGUE_EDIT_ZH = """让它更好看 · 优化一下 · 改一下 · 美化一下 · 弄好看点 · 把视频做得更好 · 让视频更漂亮 · 修改一下
再好一点 · 更酷一点 · 编辑视频 · 剪辑一下 · 帮我优化一下视频 · 调整一下画面 · 让画面更高级 · 处理一下
更好看"""
VAGUE_NEW_ZH = """做个视频 · 生成一个视频 · 来一段短片 · 随便做点什么 · 视频 · 制作一个好看的视频 · 帮我做一个视频
随便
我想要一个视频"""
SPECIFIC = """make it warmer · make it 5 s · make it louder · improve the lighting · fix the typo in the title
make the sky look better at dawn · a cat · make a video of a cat · create a video about status anxiety
edit out the first 3 seconds · make it faster · add lo-fi music · more rain · more cowbell
make it black and white · make it look like a film from the 60s · change the title to Better
a better world · something in the water · something borrowed, something blue · surprise party in a garden
improve the sound · enhance the colours · brighter · do a slow zoom · cut it to 8 s · add a title
a 10-second cinematic clip of a city at night · export · credits · hello · thanks · yes · no
a short film about rain · video of a beach · try a wider shot · again, but at night · another city
make it cinematic · make it vertical · make it shorter · 让它更暖 · 剪到8秒 · 加一个标题 · 色调更暖
更亮一点 · 城市夜景 · 做一个猫的视频 · 把标题改大一点 · 生成一段10秒的城市夜景 · 加点音乐 · 改成竖屏
让天空更蓝 · 剪掉开头3秒 · 优化声音 · 你好 · 谢谢 · 好的 · 导出 · 好看的风景 · 美丽的海滩 · 美 · 更大
剪短一点 · 慢一点 · 做一个关于积分的动画 · 来一首歌 · 漂亮 · 好看 · 视频里的人 · 画面 · 效果 · 一个"""


def prompts(table: str) -> list[str]:
    return [prompt for line in table.splitlines() for prompt in line.split(" · ")]


@pytest.mark.parametrize(
    ("table", "told"),
    [(VAGUE_EDIT, EDIT_HINT), (VAGUE_NEW, NEW_HINT), (VAGUE_EDIT_ZH, EDIT_HINT_ZH), (VAGUE_NEW_ZH, NEW_HINT_ZH)],
)
def test_a_vague_prompt_gets_a_hint_in_its_language(table: str, told: str) -> None:
    assert [(prompt, hint(prompt)) for prompt in prompts(table) if hint(prompt) != told] == []
    assert [prompt for prompt in prompts(table) if hint(f"  {prompt.upper()}! ") != told] == []


def test_blanks_between_chinese_words_change_nothing() -> None:
    assert hint("让 它 更 好看") == EDIT_HINT_ZH
    assert hint("再 好 一点") == EDIT_HINT_ZH
    assert hint("请 帮我 优化 视频 谢谢") == EDIT_HINT_ZH


def test_a_long_prompt_gets_none() -> None:
    assert hint("make it look better".ljust(200)) == EDIT_HINT
    assert hint("make it look better".ljust(201)) is None


def test_a_specific_prompt_gets_none() -> None:
    assert [prompt for prompt in prompts(SPECIFIC) if hint(prompt) is not None] == []


def test_a_vague_prompt_still_goes_to_the_agent() -> None:
    tables = (VAGUE_EDIT, VAGUE_NEW, VAGUE_EDIT_ZH, VAGUE_NEW_ZH)
    assert [prompt for table in tables for prompt in prompts(table) if route(prompt).action != "chat"] == []


@pytest.mark.parametrize("told", [EDIT_HINT, NEW_HINT, EDIT_HINT_ZH, NEW_HINT_ZH])
def test_a_hint_is_one_short_sentence(told: str) -> None:
    assert len(told) <= 140
    assert "\n" not in told


@given(st.text(max_size=50))
def test_any_text_gets_a_hint_or_none(text: str) -> None:
    assert hint(text) in (None, EDIT_HINT, NEW_HINT, EDIT_HINT_ZH, NEW_HINT_ZH)


@given(st.sampled_from(prompts(VAGUE_EDIT)), st.sampled_from(["a dog", "rain", "the moon", "a lighthouse at dusk"]))
def test_a_vague_beginning_that_goes_on_gets_none(prompt: str, content: str) -> None:
    assert hint(f"{prompt}: {content}") is None


@pytest.mark.parametrize("text", ["", " ", "make " * 40, "更" * 200, "一下" * 100, "a bit " * 33 + "x", "把这个" * 60])
def test_a_hostile_prompt_is_decided_at_once(text: str) -> None:
    began = time.perf_counter()
    assert hint(text) is None
    assert time.perf_counter() - began < 0.2


def test_a_hint_in_a_chinese_conversation_is_chinese() -> None:
    assert hint("better", chinese=True) == EDIT_HINT_ZH
    assert hint("make a video", chinese=True) == NEW_HINT_ZH
    assert hint("更好看", chinese=False) == EDIT_HINT_ZH
    assert hint("make it warmer", chinese=True) is None
