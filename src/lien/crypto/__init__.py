"""
Everything that is signed, sealed or derived (docs/keys.md). Pure: no clock, no I/O, no state.

    suite  signing  sealing      the primitives; the only importers of `cryptography` and `nacl`
    structure                    strict MessagePack
    account  link  chain         the account secret, and the signed history of an account
    conversation_key  statement  envelope    what starts an epoch, and what is said in it
    blob                         a photograph or a document, in chunks under a key of its own
    vault                        the account secret, kept for its owner
    proofs                       that a device holds its key

The same page is implemented by `src/pwa/engine/crypto/`; both read tests/vectors/crypto.json.
"""
