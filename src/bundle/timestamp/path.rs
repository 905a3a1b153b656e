//! The way from the certificate of a signer to one that the user trusts.

use der::DateTime;

use super::Fault;
use super::certificate::Certificate;

/// Most certificates on a way.
const LENGTH_MAX: usize = 8;

/// Returns the certificates from the signer's to a trusted one, both included. Each was valid at that time and may issue
/// the one before it.
///
/// # Errors
/// When no way leads there; the reason is that of the way which got furthest.
pub fn find<'c, 'a>(
    signer: &'c Certificate<'a>,
    carried: &'c [Certificate<'a>],
    trusted: &'c [Certificate<'a>],
    at: DateTime,
) -> Result<Vec<&'c Certificate<'a>>, Fault> {
    let search = Search { carried, trusted, at };
    let mut path = vec![signer];
    search.extend(&mut path)?;
    Ok(path)
}

struct Search<'c, 'a> {
    carried: &'c [Certificate<'a>],
    trusted: &'c [Certificate<'a>],
    at: DateTime,
}

impl<'c, 'a> Search<'c, 'a> {
    fn extend(&self, path: &mut Vec<&'c Certificate<'a>>) -> Result<(), Fault> {
        let Some(last) = path.last().copied() else { return Err("timestamp-no-path") };
        if self.trusted.iter().any(|it| it.raw == last.raw) {
            return Ok(());
        }
        let mut reason = "timestamp-no-path";
        if path.len() == LENGTH_MAX {
            return Err(reason);
        }
        // Trusted ones first: the shortest way that the user vouches for.
        for issuer in self.trusted.iter().chain(self.carried) {
            if !last.names_as_issuer(issuer) || path.iter().any(|it| it.raw == issuer.raw) {
                continue;
            }
            let length = path.len();
            let step = self.step(last, issuer, length - 1).and_then(|()| {
                path.push(issuer);
                self.extend(path)
            });
            let Err(fault) = step else { return Ok(()) };
            path.truncate(length);
            if fault != "timestamp-no-path" {
                reason = fault;
            }
        }
        Err(reason)
    }

    fn step(&self, last: &Certificate<'_>, issuer: &Certificate<'_>, between: usize) -> Result<(), Fault> {
        last.is_issued_by(issuer).map_err(|fault| match fault {
            "timestamp-signature" => "timestamp-path-signature",
            other => other,
        })?;
        issuer.may_issue(between)?;
        if issuer.is_valid_at(self.at) { Ok(()) } else { Err("timestamp-path-expired") }
    }
}
