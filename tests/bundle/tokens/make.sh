#!/bin/sh
# Makes the time-stamp tokens of the tests: invented services, keys that are thrown away. Needs OpenSSL 3.
# Usage: sh make.sh FOLDER   (the keys stay in FOLDER/work, which can be removed)
set -eu
out=$(cd "$1" && pwd)
work=$out/work
rm -rf "$work" && mkdir "$work" && cd "$work"
printf 'a bundle' > bundle

cat > openssl.cnf <<'CONF'
[ca]
default_ca = any
[any]
database = index.txt
new_certs_dir = .
rand_serial = yes
default_md = sha256
policy = names
unique_subject = no
[names]
organizationName = supplied
commonName = supplied
[req]
distinguished_name = dn
utf8 = yes
string_mask = utf8only
[dn]
[root]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
[middle]
basicConstraints = critical, CA:TRUE, pathlen:0
keyUsage = critical, keyCertSign, cRLSign
[no_ca]
basicConstraints = critical, CA:FALSE
[stamps]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
[mails]
extendedKeyUsage = critical, emailProtection
[mild]
extendedKeyUsage = timeStamping
[tsa]
default_tsa = service
[service]
serial = serial
default_policy = 1.2.3.4.1
digests = sha256, sha384, sha512
accuracy = secs:1
tsa_name = yes
ess_cert_id_chain = no
ess_cert_id_alg = sha256
signer_digest = sha256
CONF
: > index.txt
echo 01 > serial

key() { # name, kind
  case $2 in
    rsa) openssl genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out "$1.key" ;;
    *) openssl genpkey -quiet -algorithm EC -pkeyopt "ec_paramgen_curve:$2" -out "$1.key" ;;
  esac
}
certificate() { # name, kind of key, issuer, extensions, subject, digest, first day, last day
  key "$1" "$2"
  openssl req -new -utf8 -config openssl.cnf -key "$1.key" -subj "/O=Tests/CN=$5" -out "$1.csr"
  if [ "$3" = "$1" ]; then by="-selfsign -keyfile $1.key"; else by="-cert $3.pem -keyfile $3.key"; fi
  # shellcheck disable=SC2086
  openssl ca -batch -notext -utf8 -config openssl.cnf $by -extensions "$4" -md "$6" \
    -startdate "${7}000000Z" -enddate "${8}235959Z" -in "$1.csr" -out "$1.pem" > "$1.log" 2>&1
}
always="20200101 20991231"
certificate root rsa root root "Root of the tests" sha256 $always
certificate other-root P-256 other-root root "Root of the tests" sha256 $always
certificate middle P-384 root middle "Middle of the tests" sha384 $always
certificate clerk P-256 root no_ca "Clerk without authority" sha256 $always
certificate rsa rsa middle stamps "演示时间戳服务" sha384 $always
certificate p256 P-256 root stamps "Stamps on P-256" sha256 $always
certificate p384 P-384 middle stamps "Stamps on P-384" sha512 $always
certificate expired P-256 root stamps "Stamps of yesterday" sha256 20200101 20201231
certificate by-clerk P-256 clerk stamps "Stamps by a clerk" sha256 $always
certificate mails P-256 root mails "Mails, not stamps" sha256 $always
certificate mild P-256 root mild "Stamps, not critical" sha256 $always

token() { # name, certificate, digest, chain, flags of the query, digest of the certificate's id
  openssl ts -query -data bundle "-$3" $5 -out "$1.tsq" 2> /dev/null
  sed "s/^ess_cert_id_alg = .*/ess_cert_id_alg = ${6:-sha256}/; s/^signer_digest = .*/signer_digest = $3/" openssl.cnf > token.cnf
  # shellcheck disable=SC2086
  openssl ts -reply -config token.cnf -queryfile "$1.tsq" -signer "$2.pem" -inkey "$2.key" ${4:+-chain $4} -out "$out/$1.tsr" 2> /dev/null
}
cat middle.pem root.pem > chain.pem
token rsa-sha256 rsa sha256 chain.pem -cert
token rsa-sha512 rsa sha512 chain.pem -cert
token rsa-sha1-id rsa sha256 chain.pem -cert sha1
token p256-sha256 p256 sha256 root.pem -cert
token p384-sha384 p384 sha384 "" -cert
token expired expired sha256 root.pem -cert
token by-clerk by-clerk sha256 clerk.pem -cert
token no-certificate p256 sha256 root.pem ""

# What `openssl ts` refuses to sign is signed as CMS, over the text of a good token.
openssl ts -reply -in "$out/p256-sha256.tsr" -token_out -out good.der 2> /dev/null
openssl cms -verify -noverify -inform DER -in good.der -binary -out info.der 2> /dev/null
signed() { # name, certificate, more flags
  # shellcheck disable=SC2086
  openssl cms -sign $3 -md sha256 -binary -nodetach -nosmimecap -econtent_type 1.2.840.113549.1.9.16.1.4 \
    -in info.der -signer "$2.pem" -inkey "$2.key" -outform DER -out "$out/$1.tst"
}
signed token p256 -cades
signed other-purpose mails -cades
signed purpose-not-critical mild -cades
signed no-certificate-id p256 ""
cp root.pem middle.pem other-root.pem p256.pem "$out"
openssl x509 -in root.pem -outform DER -out "$out/root.der"
