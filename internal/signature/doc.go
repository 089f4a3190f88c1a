// Package signature builds electronic signatures and verifies them: the
// manifest of what is signed, the SSHSIG around it, and what a signature that
// was recorded is worth.
//
// A person signs record.Sign.SignedBytes: the name of the ledger and the whole
// operation, that is who signs under which name, with which meaning and when
// [21 CFR 11.50], and of each item the revision, the content hash and the
// link-set hash, so that a signature cannot be moved to anything else
// [21 CFR 11.70]. The signature is an SSHSIG, the format of `ssh-keygen -Y sign`
// (PROTOCOL.sshsig of OpenSSH), with the namespace "goldthread" and SHA-512, by
// an Ed25519 key. Its text is
//
//	-----BEGIN SSH SIGNATURE-----
//	U1NIU0lHAAAAAQ… in lines of 70 characters
//	-----END SSH SIGNATURE-----
//
// around the base64 of
//
//	byte[6] "SSHSIG"
//	uint32  1
//	string  public key: string "ssh-ed25519", string of 32 bytes
//	string  "goldthread"
//	string  ""  (reserved)
//	string  "sha512"
//	string  signature: string "ssh-ed25519", string of 64 bytes
//
// in which a string is its length as uint32, most significant byte first, and
// its bytes. What the key signs is
//
//	byte[6] "SSHSIG"
//	string  "goldthread"
//	string  ""
//	string  "sha512"
//	string  SHA-512 of the signed bytes
//
// The package knows no private key: a Signer has it. It refuses every other
// spelling of a signature or a key, another namespace, hash or type of key. It
// does not decide who may sign (package access does), and it takes no clock.
// The page for strangers is docs/signatures.md.
package signature
