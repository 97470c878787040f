"""Known answers for the vault, made without any of its code: pip install cryptography argon2-cffi

Writes vault-vectors.json: one exported vault of two items, and the hashes of a stream of several chunks.
The layouts are those that vault-stream.ts, vault-keys.ts and vault-file.ts describe.
"""
import base64, hashlib, json, struct, unicodedata
from pathlib import Path
from argon2.low_level import Type, hash_secret_raw
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

MIB = 1024 * 1024
PASSPHRASE = "correct horse ﬁve 暗房"  # holds a ligature, which NFKC takes apart


def some(seed, length):
    """Bytes that look random and are the same each time."""
    return hashlib.shake_256(seed.encode()).digest(length)


def stream_header(item, part, prefix):
    return b"obscura-stream" + bytes([1, part]) + item + struct.pack(">I", MIB) + prefix


def seal(key, header, plain):
    count = max(1, -(-len(plain) // MIB))
    for index in range(count):
        last = index == count - 1
        nonce = header[-7:] + struct.pack(">IB", index, last)
        yield AESGCM(key).encrypt(nonce, plain[index * MIB : (index + 1) * MIB], header)


header = b"obscura-vault" + struct.pack(">BBIII", 1, 1, 65536, 3, 1) + some("salt", 16)
kek = hash_secret_raw(
    unicodedata.normalize("NFKC", PASSPHRASE).encode(), some("salt", 16),
    time_cost=3, memory_cost=65536, parallelism=1, hash_len=32, type=Type.ID,
)
vault_key = some("vault key", 32)
wrapped = some("n0", 12) + AESGCM(kek).encrypt(some("n0", 12), vault_key, header)

items = [
    (some("item 1", 16), 1_700_000_000_000.0, 0.0, 0, b"a picture"),
    (some("item 2", 16), 1_700_000_001_000.0, 4_000_000_000_000.0, 3, some("picture 2", 3000)),
]
listed = b"".join(item + struct.pack(">ddB", kept, over, how) for item, kept, over, how, _ in items)
sealed_list = some("n1", 12) + AESGCM(vault_key).encrypt(some("n1", 12), listed, header)
file = header + wrapped + struct.pack(">I", len(sealed_list)) + sealed_list
facts = []
for place, (item, _, _, _, picture) in enumerate(items):
    said = {"width": 2, "height": place + 1, "pictureType": "image/png", "thumbnailType": "image/webp",
            "record": {"place": place}}
    facts.append(said)
    key = some(f"key {place}", 32)
    nonce = some(f"wrap {place}", 12)
    file += nonce + AESGCM(vault_key).encrypt(nonce, key, item)
    for part, plain in enumerate([json.dumps(said).encode(), f"thumbnail {place}".encode(), picture]):
        start = stream_header(item, part, some(f"prefix {place} {part}", 7))
        file += start + struct.pack(">d", len(plain)) + b"".join(seal(key, start, plain))

long_header = stream_header(some("item 3", 16), 2, some("prefix 3", 7))
long_plain = some("long", 2 * MIB + 12345)
text = lambda data: base64.b64encode(data).decode()
vectors = {
    "passphrase": PASSPHRASE,
    "vaultHeader": text(header),
    "file": text(file),
    "items": [
        {"id": item.hex(), "keptAt": kept, "expiresAt": over or None, "facts": facts[place],
         "thumbnail": f"thumbnail {place}", "picture": text(picture)}
        for place, (item, kept, over, _, picture) in enumerate(items)
    ],
    "stream": {
        "key": text(some("key 3", 32)),
        "header": text(long_header),
        "plainSha256": hashlib.sha256(long_plain).hexdigest(),
        "plainSeed": "long",
        "plainBytes": len(long_plain),
        "chunkSha256": [hashlib.sha256(c).hexdigest() for c in seal(some("key 3", 32), long_header, long_plain)],
    },
}
Path(__file__).with_name("vault-vectors.json").write_text(json.dumps(vectors, ensure_ascii=False) + "\n")
