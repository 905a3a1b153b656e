#!/usr/bin/env python3
"""Writes the sample cases beside this file. Every number, name and place is invented.

    python3 sample_bills/make_samples.py

Needs only the standard library. The same bytes come out on every machine. Why the amounts are what they are:
sample_bills/README.md.
"""
import io
import os
import zipfile
from datetime import datetime
from decimal import Decimal
from xml.sax.saxutils import escape

HERE = os.path.dirname(os.path.abspath(__file__))
MB, GB = 1024, 1024 * 1024  # in KB


def write(path, data):
    path = os.path.join(HERE, path)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(data)


def csv(path, rows, encoding="gb18030", bom=b""):
    lines = [row if isinstance(row, str) else ",".join(row) for row in rows]
    write(path, bom + ("\r\n".join(lines) + "\r\n").encode(encoding))


def volume(kb):
    """The way the operator prints traffic: 1GB235MB12KB, without parts that are zero."""
    parts = [(kb // GB, "GB"), (kb % GB // MB, "MB"), (kb % MB, "KB")]
    return "".join(f"{n}{unit}" for n, unit in parts if n) or "0KB"


# ---------------------------------------------------------------- workbooks, written cell by cell

class Raw(str):
    """A number exactly as it is stored in the sheet."""


class Serial(str):
    """A wall-clock time, stored as a serial number with a date style."""


def serial(text):
    seconds = int((datetime.fromisoformat(text) - datetime(1899, 12, 30)).total_seconds())
    return repr(seconds / 86400)


def column(index):
    return chr(ord("A") + index)


def xlsx(path, rows, sheet="Sheet1"):
    """rows: {row number: [cell, …]}; rows that are not named are absent, as in real exports."""
    strings, body = [], []
    for number, cells in sorted(rows.items()):
        parts = []
        for index, cell in enumerate(cells):
            reference = f"{column(index)}{number}"
            if cell == "":
                continue
            if isinstance(cell, Serial):
                parts.append(f'<c r="{reference}" s="1"><v>{serial(cell)}</v></c>')
            elif isinstance(cell, Raw):
                parts.append(f'<c r="{reference}" s="2"><v>{cell}</v></c>')
            else:
                if cell not in strings:
                    strings.append(cell)
                parts.append(f'<c r="{reference}" t="s"><v>{strings.index(cell)}</v></c>')
        body.append(f'<row r="{number}">{"".join(parts)}</row>')
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    members = {
        "[Content_Types].xml": f'{head}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kind}.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="{kind}.styles+xml"/><Override PartName="/xl/sharedStrings.xml" ContentType="{kind}.sharedStrings+xml"/></Types>',
        "_rels/.rels": f'{head}<Relationships xmlns="{package}"><Relationship Id="rId1" Type="{rel}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{head}<workbook xmlns="{main}" xmlns:r="{rel}"><sheets><sheet name="{sheet}" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'{head}<Relationships xmlns="{package}"><Relationship Id="rId1" Type="{rel}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="{rel}/styles" Target="styles.xml"/><Relationship Id="rId3" Type="{rel}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        "xl/styles.xml": f'{head}<styleSheet xmlns="{main}"><numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"/><numFmt numFmtId="165" formatCode="&quot;¥&quot;#,##0.00"/></numFmts><fonts count="1"><font/></fonts><fills count="1"><fill/></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="3"><xf/><xf numFmtId="164" applyNumberFormat="1"/><xf numFmtId="165" applyNumberFormat="1"/></cellXfs></styleSheet>',
        "xl/sharedStrings.xml": f'{head}<sst xmlns="{main}" count="{len(strings)}" uniqueCount="{len(strings)}">' + "".join(f"<si><t>{escape(s)}</t></si>" for s in strings) + "</sst>",
        "xl/worksheets/sheet1.xml": f'{head}<worksheet xmlns="{main}"><sheetData>{"".join(body)}</sheetData></worksheet>',
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(zipfile.ZipInfo(name, (2025, 11, 18, 9, 0, 0)), text, zipfile.ZIP_DEFLATED)
    write(path, out.getvalue())


def numbered(rows):
    return {number: row for number, row in enumerate(rows, 1)}


# ---------------------------------------------------------------- lists of 中国移动

NOTE = "（详单信息仅供用户参考，不作其他凭证）"
VOICE = "起始时间,通信地点,通信方式,对方号码,通信时长,通信类型,套餐优惠,实收通信费(元)"
MESSAGES = "起始时间,通信地点,对方号码,通信方式,信息类型,业务名称,套餐优惠,通信费(元)"
DATA = "起始时间,通信地点,上网方式,总时长,总流量,套餐优惠,通信费(元)"


def preamble(msisdn, kind, count):
    return [NOTE, f"手机号码：{msisdn}", f"从2025-10-01到2025-10-31 类型：{kind} 总条数：{count}"]


def message_row(at, way, kind, peer, fee, plan):
    return [at, "浙江杭州", peer, way, kind, "短信" if kind == "短信" else "彩信", plan, fee]


def data_rows(total_kb, place, plan):
    """One session in the morning and one in the evening of every third day; the last one takes the rest."""
    rows, left, sizes = [], total_kb, []
    days = list(range(1, 32, 3))
    slots = [(day, hour) for day in days for hour in (8, 20)]
    share = total_kb // len(slots)
    for index in range(len(slots) - 1):
        size = share + (index * 7919 % 4001 - 2000) * 11
        sizes.append(size)
        left -= size
    sizes.append(left)
    for (day, hour), size in zip(slots, sizes):
        at = f"2025-10-{day:02d} {hour:02d}:{day % 7 + 10}:{hour + 5:02d}"
        rows.append([at, place, "CMNET", "1小时2分3秒" if hour == 20 else "00:42:09", volume(size), plan, "0.00"])
    assert sum(sizes) == total_kb
    return rows


def bill_rows(msisdn, name, month, last, printed, groups, total, tail=()):
    rows = [["中国移动通信客户账单"], [f"客户名称：{name}"], [f"手机号码：{msisdn}"],
            [f"账期：{month}-01至{month}-{last}"], [f"打印日期：{printed}"], ["费用项目", "金额(元)"]]
    for group, items in groups:
        rows.append([group, str(sum((Decimal(x) for _, x in items), Decimal("0.00")))])
        rows += [["　" + item, amount] for item, amount in items]
    rows.append(["合计", total])
    return rows + [list(row) for row in tail]


# ---------------------------------------------------------------- platforms

ALIPAY_NOTES = """特别提示：
1.本回单内容可表明支付宝受理了相应支付交易申请，因系统原因或通讯故障等偶发因素导致本回单与实际交易结果不符时，以实际交易情况为准；
2.请勿将本回单作为收款方发货的凭据使用，请查证账户实际到账情况后再进行发货操作；
3.支付宝快捷支付等非余额支付方式可能既产生支付宝交易也同步产生银行交易，因此请勿使用本回单进行重复记账；
4.本回单如经任何涂改、编造，均立即失去效力；
5.部分账单如：充值提现、账户转存或者个人设置收支等不计入为收入或者支出，记为不计收支类；
6.因统计逻辑不同，明细金额直接累加后，可能会和下方统计金额不一致，请以实际交易金额为准；
7.禁止将本回单用于非法用途；
8.本明细仅展示当前账单中的交易，不包括已删除的记录；
9.本明细仅供个人对账使用。"""


def alipay(path, name, account, start, rows):
    """rows: (time, class, payee, payee account, purpose, direction, amount, method, status, id, merchant id)."""
    def control(word):
        amounts = [Decimal(r[6]) for r in rows if r[5] == word]
        return f"{word}：{len(amounts)}笔 {sum(amounts, Decimal('0.00'))}元"
    lines = ["-" * 84, "导出信息：", f"姓名：{name}", f"支付宝账户：{account}",
             f"起始时间：[{start} 00:00:00]    终止时间：[2025-11-30 23:59:59]", "导出交易类型：[全部]",
             "导出时间：[2025-12-01 09:12:52]", f"共{len(rows)}笔记录", control("收入"), control("支出"), control("不计收支"), ""]
    lines += ALIPAY_NOTES.split("\n")
    lines += ["", "------------------------支付宝支付科技有限公司  电子客户回单------------------------",
              "交易时间,交易分类,交易对方,对方账号,商品说明,收/支,金额,收/付款方式,交易状态,交易订单号,商家订单号,备注,"]
    for row in rows:
        lines.append(",".join(row[:9]) + f",{row[9]}\t,{row[10]}\t,,")
    csv(path, lines)


WECHAT_HEADER = ["交易时间", "交易类型", "交易对方", "商品", "收/支", "金额(元)", "支付方式", "当前状态", "交易单号", "商户单号", "备注"]


def wechat(path, name, rows):
    """The layout since 2026: serial dates, numeric amounts, rows 6 and 16 absent, header on row 18."""
    def control(label, word):
        amounts = [Decimal(r[5]).quantize(Decimal("0.01")) for r in rows if r[4] == word]
        return [f"{label}：{len(amounts)}笔 {sum(amounts, Decimal('0.00'))}元"]
    sheet = {1: ["微信支付账单明细"], 2: [f"微信昵称：[{name}]"],
             3: ["起始时间：[2025-09-01 00:00:00] 终止时间：[2025-11-30 23:59:59]"], 4: ["导出类型：[全部账单]"],
             5: ["导出时间：[2025-12-01 10:20:30]"], 7: [f"共{len(rows)}笔记录"], 8: control("收入", "收入"),
             9: control("支出", "支出"), 10: control("中性交易", "/"), 11: ["注："],
             12: ["1. 充值/提现/理财通购买/零钱通存取/信用卡还款等交易，将计入中性交易"],
             13: ["2. 若交易记录明细无有效内容，则代表该时间段内此微信号无交易"], 14: ["3. 本明细仅供个人对账使用"],
             15: ["4. 本账单中所有时间均为UTC+08:00时间"], 17: ["----------------------微信支付账单明细列表--------------------"],
             18: WECHAT_HEADER}
    for number, row in enumerate(rows, 19):
        sheet[number] = [Serial(row[0]), *row[1:5], Raw(row[5]), *row[6:]]
    xlsx(path, sheet)


# ---------------------------------------------------------------- (a) 彩信费 15.00, no MMS in a complete list

def mms_15_yuan():
    case, msisdn, plan = "mms-15-yuan", "13800001111", "畅享套餐59元档"
    csv(f"{case}/bills/2025-10账单.csv", bill_rows(msisdn, "林晓明", "2025-10", "31", "2025-11-03", [
        ("套餐及固定费", [("畅享套餐59元档月费", "59.00")]), ("套餐外语音通信费", []),
        ("套餐外短彩信费", [("短信费", "0.00"), ("彩信费", "15.00")]), ("套餐外上网费", [("套餐外流量费", "15.00")])], "89.00"))
    messages = [
        message_row("2025-10-01 08:02:11", "接收", "短信", "10086", "0.00", plan),
        message_row("2025-10-04 12:30:45", "接收", "短信", "10086", "0.00", plan),
        message_row("2025-10-09 19:11:02", "接收", "短信", "106500001234", "0.00", plan),
        message_row("2025-10-10 09:15:30", "发送", "短信", "13900000001", "0.00", plan),
        message_row("2025-10-15 21:40:08", "接收", "短信", "13900000001", "0.00", plan),
        message_row("2025-10-21 07:55:19", "接收", "短信", "10086", "0.00", plan),
        message_row("2025-10-28 18:26:37", "接收", "短信", "106500005678", "0.00", plan),
        message_row("2025-10-31 23:10:54", "接收", "短信", "10086", "0.00", plan)]
    csv(f"{case}/usage/短彩信详单202510.csv", preamble(msisdn, "短/彩信详单", len(messages)) + [MESSAGES] + messages)
    # The voice list prints no year; it stands in the window line only.
    calls = [["10-01 09:20:00", "浙江杭州", "主叫", "13900000002", "3分7秒", "国内通话", plan, "0.00"],
             ["10-03 18:05:41", "浙江杭州", "被叫", "13900000003", "12分40秒", "国内被叫", "", "0.00"],
             ["10-08 08:59:59", "浙江杭州", "主叫", "13900000002", "1小时2分3秒", "国内通话", plan, "0.00"],
             ["10-12 20:14:22", "浙江杭州", "主叫", "10086", "5分0秒", "国内通话", plan, "0.00"],
             ["10-18 13:33:10", "浙江宁波", "主叫", "057100000000", "47秒", "国内通话", plan, "0.00"],
             ["10-26 22:01:05", "浙江杭州", "被叫", "13900000004", "8分27秒", "国内被叫", "", "0.00"],
             ["10-31 17:45:00", "浙江杭州", "主叫", "13900000002", "20分59秒", "国内通话", plan, "0.00"]]
    csv(f"{case}/usage/通话详单202510.csv", preamble(msisdn, "通话详单", len(calls)) + [VOICE] + calls)
    sessions = data_rows(10 * GB + 118 * MB + 400, "浙江杭州", plan)
    csv(f"{case}/usage/上网详单202510.csv", preamble(msisdn, "上网详单", len(sessions)) + [DATA] + sessions)
    alipay(f"{case}/payments/支付宝交易明细(20251015-20251130).csv", "林晓明", "lin***@example.com", "2025-10-15", [
        ("2025-11-20 12:05:33", "餐饮美食", "街角面馆", "/", "午餐", "支出", "23.50", "余额宝", "交易成功", "2025112022001400000000000006", "M0006"),
        ("2025-11-05 09:00:12", "充值缴费", "中国移动", "/", "话费缴费-138****1111-2025年10月账单", "支出", "89.00", "余额宝", "交易成功", "2025110522001400000000000005", "CM20251105000005"),
        ("2025-10-28 20:15:00", "退款", "衣橱小店", "/", "退款-衬衫", "不计收支", "59.00", "余额宝", "退款成功", "2025102622001400000000000004_0001", "M0004"),
        ("2025-10-26 14:22:48", "服饰装扮", "衣橱小店", "/", "衬衫", "支出", "59.00", "余额宝", "交易关闭", "2025102622001400000000000004", "M0004"),
        ("2025-10-15 10:00:00", "转账红包", "同事", "/", "转账", "收入", "100.00", "余额", "交易成功", "2025101522001400000000000003", "M0003")])


# ---------------------------------------------------------------- (b) a pack that should have renewed

def pack_not_renewed():
    case, msisdn, plan = "pack-not-renewed", "13800002222", "轻享套餐39元档"
    def bill(month, last, printed, groups, total, tail):
        rows = bill_rows(msisdn, "周可欣", month, last, printed, groups, total, tail)
        return numbered([[row[0], Raw(row[1])] if len(row) > 1 and row[1][:1].isdigit() else row for row in rows])
    xlsx(f"{case}/bills/账单2025-09.xlsx", bill("2025-09", "30", "2025-10-03", [
        ("套餐及固定费", [("轻享套餐39元档月费", "39.00"), ("10GB流量月包", "15.00")])], "54.00",
        [("上期余额", "60.00"), ("本期缴费", "54.00"), ("期末余额", "60.00")]))
    # 0.30000000000000004 is what a workbook stores when it adds 0.1 and 0.2: three messages at 0.10.
    rows = bill("2025-10", "31", "2025-11-03", [
        ("套餐及固定费", [("轻享套餐39元档月费", "39.00")]), ("套餐外短彩信费", [("短信费", "0.30")]),
        ("套餐外上网费", [("套餐外流量费", "55.00")])], "94.30",
        [("上期余额", "60.00"), ("本期缴费", "54.00"), ("期末余额", "19.70")])
    for number, row in rows.items():
        if row[0] == "　短信费":
            rows[number] = [row[0], Raw("0.30000000000000004")]
    xlsx(f"{case}/bills/账单2025-10.xlsx", rows)
    sessions = data_rows(15 * GB + 400 * MB, "浙江宁波", plan)
    csv(f"{case}/usage/上网详单202510.csv", preamble(msisdn, "上网详单", len(sessions)) + [DATA] + sessions, "utf-8", b"\xef\xbb\xbf")
    messages = [message_row("2025-10-02 10:11:12", "发送", "短信", "13900000011", "0.10", plan),
                message_row("2025-10-13 16:40:00", "发送", "短信", "13900000012", "0.10", plan),
                message_row("2025-10-20 08:00:01", "接收", "短信", "10086", "0.00", plan),
                message_row("2025-10-30 21:03:59", "发送", "短信", "13900000011", "0.10", plan)]
    csv(f"{case}/usage/短彩信详单202510.csv", preamble(msisdn, "短/彩信详单", len(messages)) + [MESSAGES] + messages)
    csv(f"{case}/orders/业务办理记录.csv", [
        "手机号码,办理时间,操作,产品编码,产品名称,生效日期,失效日期,价格,办理渠道,是否确认,是否自动续订,订单号",
        [msisdn, "2025-06-20 11:05:00", "订购", "demo-39", plan, "2025-07-01", "", "39.00", "营业厅", "是", "", "D2025062000001"],
        [msisdn, "2025-08-01 09:30:12", "订购", "demo-pack-10gb", "10GB流量月包", "2025-08-01", "2025-08-31", "15.00", "手机营业厅", "是", "是", "D2025080100002"],
        [msisdn, "2025-09-01 00:00:00", "续订", "demo-pack-10gb", "10GB流量月包", "2025-09-01", "2025-09-30", "15.00", "手机营业厅", "是", "是", "D2025090100003"]], "utf-8")
    wechat(f"{case}/payments/微信支付账单流水文件(20250901-20251130).xlsx", "可欣", [
        ("2025-11-28 19:04:37", "商户消费", "城南超市", "日用品", "支出", "548.58000000000004", "零钱", "支付成功", "4200000000202511280000000009", "S0009", "/"),
        ("2025-11-06 08:30:05", "商户消费", "中国移动", "话费缴费-138****2222-2025年10月账单", "支出", "94.3", "零钱", "支付成功", "4200000000202511060000000008", "CM20251106000008", "/"),
        ("2025-10-20 21:10:44", "微信红包", "小林", "/", "收入", "8.88", "/", "已存入零钱", "1000039501202510200000000007", "/", "/"),
        ("2025-10-06 08:30:05", "商户消费", "中国移动", "话费缴费-138****2222-2025年9月账单", "支出", "54", "零钱", "支付成功", "4200000000202510060000000006", "CM20251006000006", "/"),
        ("2025-09-12 12:00:01", "零钱提现", "工商银行", "/", "/", "100.1", "工商银行(0000)", "提现已到账", "2072109120000000000000000005", "/", "服务费¥0.10")])


# ---------------------------------------------------------------- (c) the same shapes, nothing wrong

def clean():
    case, msisdn, plan = "clean", "13800003333", "轻享套餐39元档"
    rows = bill_rows(msisdn, "陈一然", "2025-10", "31", "2025-11-03", [
        ("套餐及固定费", [("轻享套餐39元档月费", "39.00"), ("10GB流量月包", "15.00")]),
        ("套餐外短彩信费", [("短信费", "0.20"), ("彩信费", "0.60")]), ("套餐外上网费", [("套餐外流量费", "5.00")])], "59.80")
    xlsx(f"{case}/bills/账单2025-10.xlsx", numbered([[r[0], Raw(r[1])] if len(r) > 1 and r[1][:1].isdigit() else r for r in rows]))
    sessions = data_rows(15 * GB + 400 * MB, "浙江绍兴", plan)
    csv(f"{case}/usage/上网详单202510.csv", preamble(msisdn, "上网详单", len(sessions)) + [DATA] + sessions)
    messages = [message_row("2025-10-01 08:02:11", "接收", "短信", "10086", "0.00", plan),
                message_row("2025-10-06 19:30:00", "发送", "彩信", "13900000021", "0.30", plan),
                message_row("2025-10-06 19:31:20", "发送", "短信", "13900000021", "0.10", plan),
                message_row("2025-10-17 12:12:12", "接收", "彩信", "13900000022", "0.00", plan),
                message_row("2025-10-24 20:20:20", "发送", "彩信", "13900000022", "0.30", plan),
                message_row("2025-10-30 09:09:09", "发送", "短信", "13900000023", "0.10", plan)]
    csv(f"{case}/usage/短彩信详单202510.csv", preamble(msisdn, "短/彩信详单", len(messages)) + [MESSAGES] + messages)
    csv(f"{case}/orders/业务办理记录.csv", [
        "手机号码,办理时间,操作,产品编码,产品名称,生效日期,失效日期,价格,办理渠道,是否确认,是否自动续订,订单号",
        [msisdn, "2025-06-20 11:05:00", "订购", "demo-39", plan, "2025-07-01", "", "39.00", "营业厅", "是", "", "D2025062000011"],
        [msisdn, "2025-09-01 09:30:12", "订购", "demo-pack-10gb", "10GB流量月包", "2025-09-01", "2025-09-30", "15.00", "手机营业厅", "是", "是", "D2025090100012"],
        [msisdn, "2025-10-01 00:00:00", "续订", "demo-pack-10gb", "10GB流量月包", "2025-10-01", "2025-10-31", "15.00", "手机营业厅", "是", "是", "D2025100100013"]], "utf-8")
    alipay(f"{case}/payments/支付宝交易明细(20251001-20251130).csv", "陈一然", "che***@example.com", "2025-10-01", [
        ("2025-11-05 09:00:12", "充值缴费", "中国移动", "/", "话费缴费-138****3333-2025年10月账单", "支出", "59.80", "余额宝", "交易成功", "2025110522001400000000000025", "CM20251105000025"),
        ("2025-10-11 18:00:00", "餐饮美食", "街角面馆", "/", "晚餐", "支出", "31.00", "余额宝", "交易成功", "2025101122001400000000000024", "M0024")])


mms_15_yuan()
pack_not_renewed()
clean()
