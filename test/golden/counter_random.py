"""NumPy twin of src/core/foundation/random.ts: the same numbers from (seed, name, index), so that networks made here and
there have the same weights without a weight file being committed."""

import numpy as np

U32 = np.uint32


def _mix(h):
    """32-bit finaliser of MurmurHash3."""
    h = h ^ (h >> U32(16))
    h = h * U32(0x85EBCA6B)
    h = h ^ (h >> U32(13))
    h = h * U32(0xC2B2AE35)
    return h ^ (h >> U32(16))


def hash_name(name):
    """FNV-1a over UTF-8, 32 bits."""
    h = 0x811C9DC5
    for byte in name.encode("utf-8"):
        h = ((h ^ byte) * 0x01000193) & 0xFFFFFFFF
    return U32(h)


def random_bits(seed, name, indices):
    """Elements `indices` of stream `name`: uint32, 32 uniform bits each."""
    with np.errstate(over="ignore"):
        stream = _mix(_mix(np.array([seed], U32)) ^ hash_name(name))
        return _mix(stream ^ (np.asarray(indices).astype(U32) * U32(0x9E3779B1)))


def uniform(seed, name, count, low, high):
    """float32 in (low, high), as `freshTensor` makes it for [-bound, bound]."""
    bits = random_bits(seed, name, np.arange(count)).astype(np.float64)
    unit = (bits + 0.5) / 2.0**31 - 1
    return ((low + high) / 2 + unit * ((high - low) / 2)).astype(np.float32)


def normal(seed, name, count, sd):
    """float32, mean 0, by Box and Muller, as `freshTensor` makes it."""
    index = np.arange(count, dtype=np.uint64) * 2
    radius = np.sqrt(-2 * np.log((random_bits(seed, name, index).astype(np.float64) + 0.5) / 2.0**32))
    angle = 2 * np.pi * random_bits(seed, name, index + 1).astype(np.float64) / 2.0**32
    return (sd * radius * np.cos(angle)).astype(np.float32)
