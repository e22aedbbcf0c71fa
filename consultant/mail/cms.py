"""S/MIME that wraps a whole part (RFC 8551, 3.5): what is only signed is read, what is encrypted stays closed.

No signature is verified here, so a signed text is worth what any text is.
"""

KINDS = frozenset(("application/pkcs7-mime", "application/x-pkcs7-mime"))
ENCRYPTED = "The letter is encrypted with S/MIME and cannot be read here; open it in the mailbox that holds the key."
_CLOSED = {
    "enveloped_data": ENCRYPTED,
    "authenticated_enveloped_data": ENCRYPTED,
    "encrypted_data": ENCRYPTED,
    "compressed_data": "The letter is packed in S/MIME's compressed form, which is not opened here.",
}
_BROKEN = "The letter is wrapped in S/MIME, and what is inside could not be read."


def signed_content(content: bytes) -> tuple[bytes | None, str | None]:
    """Return the MIME part that was signed, or None; and the sentence that says why there is none.

    Reads DER and BER, for Outlook writes lengths in advance and OpenSSL does not. Never raises but `MemoryError`.
    """
    # Wrapped letters are rare, and the definitions take a while to load.
    from asn1crypto import cms

    try:
        info = cms.ContentInfo.load(content)
        kind = info["content_type"].native
        if kind != "signed_data":
            return None, _CLOSED.get(kind, _BROKEN)
        inner = info["content"]["encap_content_info"]["content"].native
        # A signature without its text ("certs-only" and detached forms) wraps nothing.
        return (bytes(inner), None) if inner else (None, None)
    except MemoryError:
        raise
    except Exception:
        # Whatever the library makes of damaged bytes, the letter is read without them.
        return None, _BROKEN
