//! The masked copy: nothing of the originals in any byte, everything that counts unchanged.

use mingzhang::bundle::archive::{self, Members};
use mingzhang::bundle::case_set::{CaseMember, CaseSet, Role};
use mingzhang::bundle::mask::pack_masked;
use mingzhang::bundle::pack::{self, Packed};
use mingzhang::report::model::Report;

use super::{packed, sample, set_of, verified};

fn masked(set: &CaseSet) -> Packed {
    pack_masked(set).unwrap_or_else(|error| panic!("{error:?}"))
}

fn report(packed: &Packed) -> &Report {
    &packed.analysed.analysis.report
}

/// Every file, workbooks also inflated.
fn everything(members: &Members) -> Vec<(String, Vec<u8>)> {
    let mut all = Vec::new();
    for (name, bytes) in members {
        all.push((name.clone(), [name.as_bytes(), &super::bytes(bytes)].concat()));
        if let Ok((parts, _)) = archive::read(&super::source(&super::bytes(bytes))) {
            all.extend(
                parts.into_iter().map(|(part, bytes)| (format!("{name}!/{part}"), super::bytes(&bytes))),
            );
        }
    }
    all
}

fn assert_absent(members: &Members, originals: &[&str]) {
    for (name, bytes) in everything(members) {
        for original in originals {
            let utf16: Vec<u8> = original.encode_utf16().flat_map(u16::to_le_bytes).collect();
            let gb = encoding_rs::GB18030.encode(original).0.into_owned();
            for form in [original.as_bytes(), &utf16, &gb] {
                assert!(!bytes.windows(form.len()).any(|window| window == form), "{original} in {name}");
            }
        }
    }
}

#[test]
fn no_number_name_or_id_of_the_samples_is_in_the_copy() {
    assert_absent(
        &masked(&sample("mms-15-yuan")).members,
        &[
            "13800001111",
            "138****1111",
            "林晓明",
            "lin***@example.com",
            "13900000001",
            "13900000004",
            "106500001234",
            "057100000000",
            "2025101522001400000000000003",
            "同事",
        ],
    );
    let copy = masked(&sample("pack-not-renewed"));
    assert_absent(&copy.members, &["13800002222", "138****2222", "13900000011", "13900000012"]);
    // The workbooks are still workbooks, and the number in them is the stand-in.
    let (parts, _) =
        archive::read(&super::source(&super::bytes(&copy.members["data/originals/bills/账单2025-10.xlsx"])))
            .expect("a workbook");
    let texts = super::text(&parts["xl/sharedStrings.xml"]);
    assert!(texts.contains("13800000001"), "{texts}");
}

#[test]
fn sums_and_findings_are_those_of_the_original_and_the_copy_verifies() {
    for case in ["mms-15-yuan", "pack-not-renewed", "clean"] {
        let (original, copy) = (packed(case), masked(&sample(case)));
        assert_eq!(report(&original).totals, report(&copy).totals);
        let findings = |report: &Report| {
            let all = report
                .findings
                .iter()
                .map(|it| (it.code.clone(), it.verdict.clone(), it.amount.clone(), it.claim.clone()));
            all.collect::<Vec<_>>()
        };
        assert_eq!(findings(report(&original)), findings(report(&copy)), "{case}");
        assert_eq!(original.manifest.records.count, copy.manifest.records.count);
        let result = verified(&copy.zip().expect("a ZIP")).verification;
        assert!(result.verified && result.masked, "{case}: {:?} {:?}", result.problems, result.rerun);
    }
}

#[test]
fn the_same_number_has_the_same_stand_in_everywhere() {
    let copy = masked(&sample("mms-15-yuan"));
    let text = |name: &str| {
        let bytes = super::bytes(&copy.members[&format!("data/originals/{name}")]);
        String::from_utf8(bytes.clone())
            .unwrap_or_else(|_| encoding_rs::GB18030.decode(&bytes).0.into_owned())
    };
    let case = text("case.toml");
    assert!(case.contains("msisdn = \"13800000001\"") && case.contains("name = \"用户甲\""), "{case}");
    assert!(!case.contains('#'), "comments stay behind");
    let bill = text("bills/2025-10账单.csv");
    assert!(
        bill.contains("客户名称：用户甲") && bill.contains("手机号码：13800000001") && bill.contains("15.00"),
        "{bill}"
    );
    // 138****1111 in a description fits the stand-in as it fitted the original.
    assert!(
        text("payments/支付宝交易明细(20251015-20251130).csv")
            .contains("话费缴费-138****0001-2025年10月账单")
    );
    // Service numbers are everybody's.
    assert!(text("usage/短彩信详单202510.csv").contains(",10086,"));
}

#[test]
fn originals_are_committed_to_and_kept_back() {
    let mut set = sample("mms-15-yuan");
    let picture = CaseMember {
        role: Role::Attachment,
        path: "attachments/林晓明.png".to_owned(),
        bytes: b"\x89PNG 13800001111".to_vec().into(),
    };
    set.members.push(picture);
    let copy = masked(&set);
    assert!(!copy.members.keys().any(|name| name.contains("attachments")));
    assert_eq!(copy.manifest.withheld.len(), set.members.len());
    // The recipe of the README by hand: a key over all digests, then key and digest together.
    let mut digests: Vec<String> = set.members.iter().map(|it| format!("{}\n", it.bytes.sha256())).collect();
    digests.sort();
    let key = mingzhang::bundle::sha256(digests.concat().as_bytes());
    let picture = mingzhang::bundle::sha256(b"\x89PNG 13800001111");
    let commitment = mingzhang::bundle::sha256(format!("{key}{picture}").as_bytes());
    assert!(copy.manifest.withheld.iter().any(|it| it.commitment == commitment && it.masked_as.is_none()));
    assert_absent(&copy.members, &["林晓明", "13800001111", &picture]);
}

#[test]
fn pages_named_xls_archives_and_names_of_files_are_masked_too() {
    let page = "<html><body><p>客户姓名：赵六六</p><table><tr><td>msisdn</td><td>period</td><td>item</td><td>amount</td><td>经办人</td></tr>\
                <tr><td>13800007777</td><td>2025-10</td><td>月费</td><td>39.00</td><td>钱七七</td></tr></table></body></html>";
    let list = "msisdn,start,kind,direction,peer,duration_s,fee,record_id,内部代码\n\
                13800007777,2025-10-03 10:00:00,voice,out,13900008888,60,0.10,CDR-77-889900,孙八八\n";
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    archive.start_file("13800007777/通话.csv", zip::write::SimpleFileOptions::default()).expect("a file");
    std::io::Write::write_all(&mut archive, list.as_bytes()).expect("written");
    let archive = archive.finish().expect("a ZIP").into_inner();
    let input = |path: &str, bytes: Vec<u8>| CaseMember {
        role: Role::Input,
        path: path.to_owned(),
        bytes: bytes.into(),
    };
    let case = "schema = \"mingzhang.case/1\"\n[[coverage]]\nfile = \"usage/详单.zip\"\nkinds = [\"voice\"]\nstart = 2025-10-01\nend = 2025-10-31\n";
    let set = set_of(vec![
        CaseMember { role: Role::Case, path: "case.toml".to_owned(), bytes: case.into() },
        input("bills/赵六六-13800007777.xls", page.into()),
        input("usage/详单.zip", archive),
    ]);
    let copy = masked(&set);
    assert_absent(
        &copy.members,
        &["13800007777", "13900008888", "CDR-77-889900", "889900", "赵六六", "钱七七", "孙八八"],
    );
    let names: Vec<&str> = copy.manifest.files.iter().map(|file| file.path.as_str()).collect();
    assert_eq!(names, ["bills/用户甲-13800000001.html", "usage/详单.zip/13800000001/通话.csv", "case.toml"]);
    assert_eq!(report(&copy).totals.billed, "39.00");
    assert_eq!(report(&pack::pack(&set, None).expect("packs")).totals, report(&copy).totals);
    assert!(verified(&copy.zip().expect("a ZIP")).verification.verified);
}

#[test]
fn a_name_in_a_column_of_names_is_replaced_wherever_else_it_stands() {
    let bill = "msisdn,period,item,category,amount,客户姓名,收件人\n\
                13800007777,2025-10,月费,plan-fee,39.00,赵六六,钱七七\n";
    let input =
        CaseMember {
            role: Role::Input, path: "bills/赵六六致钱七七.csv".to_owned(), bytes: bill.into()
        };
    let copy = masked(&set_of(vec![input]));
    assert_absent(&copy.members, &["赵六六", "钱七七", "13800007777"]);
    assert_eq!(copy.manifest.files[0].path, "bills/用户甲致用户乙.csv");
}

#[test]
fn xls_and_ods_become_xlsx_and_hold_nothing_of_the_originals() {
    let read = |name: &str| {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bundle/papers").join(name);
        std::fs::read(path).expect("readable")
    };
    let input = |path: &str, name: &str| CaseMember {
        role: Role::Input,
        path: path.to_owned(),
        bytes: read(name).into(),
    };
    let mut set =
        set_of(vec![input("bills/赵六六.xls", "bill.xls"), input("usage/13800007777.ods", "list.ods")]);
    set.settings.formats = mingzhang::render::outputs::Format::USUAL.to_vec();
    let original = pack::pack(&set, None).expect("packs");
    // 39.00 + 15.00.
    assert_eq!(report(&original).totals.billed, "54.00");
    let copy = masked(&set);
    assert_eq!(report(&copy).totals, report(&original).totals);
    assert_eq!(copy.manifest.records.count, original.manifest.records.count);
    assert_absent(
        &copy.members,
        &["13800007777", "13900008888", "CDR77889900", "77889901", "赵六六", "钱七七"],
    );
    let names: Vec<&str> = copy.manifest.files.iter().map(|file| file.path.as_str()).collect();
    assert_eq!(names, ["bills/用户甲.xlsx", "usage/13800000001.xlsx"]);
    let from: Vec<Option<&str>> = copy.manifest.withheld.iter().map(|it| it.masked_as.as_deref()).collect();
    assert_eq!(
        from,
        [Some("data/originals/bills/用户甲.xlsx"), Some("data/originals/usage/13800000001.xlsx")]
    );
    assert!(super::text(&copy.members["data/README.md"]).contains("XLS 和 ODS 表格的遮盖副本改写为 XLSX"));
    assert!(verified(&copy.zip().expect("a ZIP")).verification.verified);
}

#[test]
fn every_form_of_the_report_is_masked() {
    let mut set = sample("mms-15-yuan");
    set.settings.formats = mingzhang::render::outputs::Format::USUAL.to_vec();
    let copy = masked(&set);
    assert!(
        copy.members.contains_key("data/report/report.pdf")
            && copy.members.contains_key("data/report/report.xlsx")
    );
    assert_absent(&copy.members, &["13800001111", "138****1111", "林晓明", "13900000001"]);
    assert!(verified(&copy.zip().expect("a ZIP")).verification.verified);
}

#[test]
fn masking_is_the_same_every_time() {
    let zip = || masked(&sample("pack-not-renewed")).zip().expect("a ZIP");
    assert_eq!(zip(), zip());
}
