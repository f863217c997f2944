#!/usr/bin/python3
"""Decodes the first frame of each file named on stdin with pydicom, DCMTK, GDCM or Pillow, and prints one JSON line each:
{"path", "stored": SHA-256 of the stored values as int32 (colour as luminance), "modality": of float64, "names": as pydicom and
as dcmdump read it} or
{"path", "error"}."""
import hashlib, json, os, re, subprocess, sys, tempfile, warnings
import numpy as np
import pydicom
from PIL import Image, ImageOps
from pydicom.pixel_data_handlers.util import apply_modality_lut

warnings.simplefilter('ignore')
DECODERS = {
    '1.2.840.10008.1.2.5': ['dcmdrle'],
    '1.2.840.10008.1.2.4.50': ['dcmdjpeg', '+cn'],
    '1.2.840.10008.1.2.4.51': ['dcmdjpeg', '+cn'],
    '1.2.840.10008.1.2.4.57': ['dcmdjpeg', '+cn'],
    '1.2.840.10008.1.2.4.70': ['dcmdjpeg', '+cn'],
    '1.2.840.10008.1.2.4.80': ['dcmdjpls'],
    '1.2.840.10008.1.2.4.81': ['dcmdjpls'],
    '1.2.840.10008.1.2.4.90': ['gdcmconv', '--raw'],
    '1.2.840.10008.1.2.4.91': ['gdcmconv', '--raw'],
}
LOSSY = ['1.2.840.10008.1.2.4.50', '1.2.840.10008.1.2.4.51', '1.2.840.10008.1.2.4.81', '1.2.840.10008.1.2.4.91']


def sha256(array):
    return hashlib.sha256(np.ascontiguousarray(array).tobytes()).hexdigest()


def luminance(rgb):
    return np.floor(rgb.astype(np.int64) @ np.array([299, 587, 114]) / 1000 + 0.5)


def stored_range(array, ds, syntax):
    """PS3.5 8.1.1: only Bits Stored count, which the decoders leave to the caller; lossy overshoot is clamped."""
    bits, signed = ds.BitsStored, ds.PixelRepresentation == 1
    if syntax in LOSSY:
        low = -(2 ** (bits - 1)) if signed else 0
        return np.clip(array, low, low + 2 ** bits - 1)
    array = (array >> (ds.HighBit + 1 - bits)) & (2 ** bits - 1)
    return np.where(array >= 2 ** (bits - 1), array - 2 ** bits, array) if signed else array


def read_dicom(path):
    ds = pydicom.dcmread(path, force=True)
    dumped = subprocess.run(['dcmdump', '+U8', '+L', '+P', '0010,0010', path], capture_output=True).stdout.decode()
    found = re.search(r'^\(0010,0010\) PN \[(.*)\]', dumped)
    names = [str(ds.get('PatientName', '') or '') or None, found.group(1) if found else None]
    syntax = str(ds.file_meta.get('TransferSyntaxUID', '1.2.840.10008.1.2'))
    photometric = ds.PhotometricInterpretation
    with tempfile.TemporaryDirectory() as folder:
        if syntax in DECODERS:
            raw = os.path.join(folder, 'raw.dcm')
            subprocess.run([*DECODERS[syntax], path, raw], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
            decoded = pydicom.dcmread(raw)
        else:
            if not hasattr(ds.file_meta, 'TransferSyntaxUID'):
                ds.file_meta.TransferSyntaxUID = syntax
            decoded = ds
        array = decoded.pixel_array
    if int(ds.get('NumberOfFrames', 1) or 1) > 1:
        array = array[0]
    if ds.SamplesPerPixel == 3:
        is_ybr = photometric.startswith('YBR_FULL')
        array = array[..., 0] if is_ybr else luminance(array)
        return {'stored': sha256(array.astype(np.int32)), 'names': names}
    array = stored_range(array.astype(np.int64), ds, syntax)
    modality = np.asarray(apply_modality_lut(array, ds), np.float64)
    return {'stored': sha256(array.astype(np.int32)), 'modality': sha256(modality), 'names': names}


def read_raster(path):
    image = ImageOps.exif_transpose(Image.open(path))
    if image.mode == 'P':
        image = image.convert('RGBA' if 'transparency' in image.info else 'RGB')
    array = np.asarray(image).astype(np.int64)
    if image.mode in ('RGBA', 'LA'):
        alpha = array[..., -1:] / 255
        array = np.floor(array[..., :-1] * alpha + 0.5).astype(np.int64)
        array = array[..., 0] if image.mode == 'LA' else array
    if array.ndim == 3:
        array = luminance(array)
    return {'stored': sha256(array.astype(np.int32))}


for line in sys.stdin:
    path = line.rstrip('\n')
    try:
        result = (read_dicom if path.lower().endswith('.dcm') else read_raster)(path)
    except Exception as error:
        result = {'error': f'{type(error).__name__}: {error}'[:200]}
    print(json.dumps({'path': path, **result}), flush=True)
