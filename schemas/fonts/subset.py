#!/usr/bin/env python3
"""Makes the two committed fonts from the static files of Noto Sans SC. See README.md for the whole recipe.

    python3 subset.py FOLDER      FOLDER holds NotoSansSC_400Regular.ttf and NotoSansSC_700Bold.ttf
"""

import sys
from pathlib import Path

from fontTools import subset
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

HERE = Path(__file__).parent
SOURCES = {"NotoSansSC-Regular.ttf": "NotoSansSC_400Regular.ttf", "NotoSansSC-Bold.ttf": "NotoSansSC_700Bold.ttf"}

# Signs beyond GB2312: Latin with its accents, punctuation, money, numbers in rings, arrows, mathematics, boxes,
# full-width forms. First and last code point.
SIGNS = [
    (0x20, 0x7E), (0xA0, 0x17F), (0x1CD, 0x1DC), (0x2010, 0x2027), (0x2030, 0x203B), (0x2070, 0x208E),
    (0x20A0, 0x20BF), (0x2103, 0x2103), (0x2116, 0x2116), (0x2120, 0x2122), (0x2150, 0x215E), (0x2160, 0x2179),
    (0x2190, 0x2199), (0x2200, 0x22FF), (0x2460, 0x249B), (0x25A0, 0x25FF), (0x2605, 0x2606), (0x2713, 0x2713),
    (0x3000, 0x301F), (0x3220, 0x3229), (0x3231, 0x3231), (0x338E, 0x338F), (0x339C, 0x339E), (0x33A1, 0x33A1),
    (0x33C4, 0x33C4), (0x2308, 0x230B), (0xFF01, 0xFF5E), (0xFFE0, 0xFFE6),
]


# Characters of names beyond 通用规范汉字表 that are met in practice.
NAMES = "龘㼆焱猋鱻羴嚞槑囧烎玊㐂叒兲巭孬嫑勥匸喆堃昇陞淼燚犇骉赑垚珺玥甯"


def gb2312():
    """Every character of GB2312."""
    for lead in range(0xA1, 0xF8):
        for trail in range(0xA1, 0xFF):
            try:
                yield bytes([lead, trail]).decode("gb2312")
            except UnicodeDecodeError:
                pass


def wanted(name):
    """Regular holds all three levels of 通用规范汉字表; Bold leaves out level 3, for which Regular steps in."""
    table = (HERE / "general-standard-8105.txt").read_text(encoding="utf-8").split()
    hanzi = "".join(table)
    if name == "NotoSansSC-Bold.ttf":
        hanzi = hanzi[:6500]
    signs = (chr(point) for first, last in SIGNS for point in range(first, last + 1))
    return set(hanzi) | set(NAMES) | set(gb2312()) | set(signs)


def add_ceiling_and_floor(font):
    """Draws the four signs of rounding, which formulas use and the family lacks, as halves of its square brackets."""
    outlines, cmap = font["glyf"], font.getBestCmap()
    for point, name, bracket, at_top in [
        (0x2308, "ceilingleft", "[", True), (0x2309, "ceilingright", "]", True),
        (0x230A, "floorleft", "[", False), (0x230B, "floorright", "]", False),
    ]:
        model = cmap[ord(bracket)]
        box = outlines[model]
        # The thickness of the bracket's own arms: its second highest level of points.
        levels = sorted({y for _, y in box.coordinates}, reverse=True)
        thick = levels[0] - levels[1]
        stem = (box.xMin, box.xMin + thick) if bracket == "[" else (box.xMax - thick, box.xMax)
        arm = (box.yMax - thick, box.yMax) if at_top else (box.yMin, box.yMin + thick)
        far = box.xMax if bracket == "[" else box.xMin
        pen = TTGlyphPen(None)
        draw_rectangle(pen, stem, (box.yMin, box.yMax))
        inner = stem[1] if bracket == "[" else stem[0]
        draw_rectangle(pen, tuple(sorted((inner, far))), arm)
        font.setGlyphOrder(font.getGlyphOrder() + [name])
        outlines[name] = pen.glyph()
        font["hmtx"][name] = (font["hmtx"][model][0], min(stem[0], far))
        font["vmtx"][name] = font["vmtx"][model]
        for table in font["cmap"].tables:
            if table.isUnicode():
                table.cmap[point] = name


def draw_rectangle(pen, xs, ys):
    pen.moveTo((xs[0], ys[0]))
    pen.lineTo((xs[0], ys[1]))
    pen.lineTo((xs[1], ys[1]))
    pen.lineTo((xs[1], ys[0]))
    pen.closePath()


def options():
    chosen = subset.Options()
    chosen.layout_features = []
    chosen.hinting = False
    chosen.notdef_outline = True
    chosen.drop_tables += ["vhea", "vmtx", "VORG", "BASE", "GPOS", "GSUB", "GDEF", "DSIG", "STAT"]
    return chosen


def main():
    folder = Path(sys.argv[1])
    for name, source in SOURCES.items():
        font = TTFont(folder / source, recalcTimestamp=False)
        add_ceiling_and_floor(font)
        there = set(map(chr, font.getBestCmap()))
        maker = subset.Subsetter(options())
        maker.populate(text="".join(sorted(wanted(name) & there)))
        maker.subset(font)
        font.save(HERE / name)
        print(name, (HERE / name).stat().st_size, "bytes,", len(font.getBestCmap()), "characters")


if __name__ == "__main__":
    main()
