#!/usr/bin/python3
"""Makes the small DICOM films of this folder and what independent decoders read from them.

Films are drawn from a seed, written with pydicom and compressed with DCMTK (JPEG, JPEG-LS, RLE), GDCM (JPEG 2000) and
OpenJPH (HTJ2K, through encode-htj2k.mjs). expected.json holds, per film, how `stored` was obtained:
  array      the pixels that were written (lossless coding: the decoder must give them back)
  dcmtk      dcmdjpeg, dcmdjpls or dcmdrle, then pydicom
  gdcm       gdcmconv --raw, then pydicom
  pillow     OpenJPEG through Pillow
and the SHA-256 of the little-endian array, or for lossy wavelets an .npy with the tolerance that decoders may differ by.
`modality` is the SHA-256 of pydicom's apply_modality_lut as float64; `display` an .npy of pydicom's apply_voi_lut, scaled
to 0..1 and turned for MONOCHROME1.

Run: python3 generate.py   (pydicom 2.3, numpy, pillow, dcmtk, gdcm, node with this repository's packages)
"""
import hashlib, io, json, os, shutil, subprocess, tempfile
import numpy as np
import pydicom
from PIL import Image
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.pixel_data_handlers.util import apply_modality_lut, apply_windowing
from pydicom.sequence import Sequence
from pydicom.uid import (DeflatedExplicitVRLittleEndian, ExplicitVRBigEndian, ExplicitVRLittleEndian,
                         ImplicitVRLittleEndian)

HERE = os.path.dirname(os.path.abspath(__file__))
FILMS = os.path.join(HERE, 'films')
ROWS, COLUMNS = 48, 64
CR = '1.2.840.10008.5.1.4.1.1.1'
expected = []


def picture(bits, signed=False, rows=ROWS, columns=COLUMNS, seed=1):
    """A bright ellipse with structure on a gradient, with noise, over the whole range of the depth."""
    random = np.random.default_rng(seed)
    y, x = np.mgrid[0:rows, 0:columns]
    body = np.exp(-(((y - rows / 2) / (rows / 3)) ** 2 + ((x - columns / 2) / (columns / 3)) ** 2) ** 2)
    grey = 0.15 * x / columns + 0.7 * body + 0.08 * np.sin(y / 2.5) * body + 0.05 * random.random((rows, columns))
    grey = (grey - grey.min()) / (grey.max() - grey.min())
    values = np.floor(grey * (2 ** bits - 1) + 0.5).astype(np.int64)
    return values - 2 ** (bits - 1) if signed else values


def container(bits, signed):
    return np.dtype(f"<{'i' if signed else 'u'}{1 if bits <= 8 else 2 if bits <= 16 else 4}")


def dataset(name, values, bits, signed=False, allocated=None, syntax=ExplicitVRLittleEndian, **attributes):
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = CR
    meta.MediaStorageSOPInstanceUID = '2.25.' + str(int(hashlib.sha256(name.encode()).hexdigest()[:24], 16))
    meta.TransferSyntaxUID = syntax
    meta.ImplementationClassUID = '2.25.1'
    ds = FileDataset(None, {}, file_meta=meta, preamble=b'\0' * 128)
    ds.is_little_endian = syntax != ExplicitVRBigEndian
    ds.is_implicit_VR = syntax == ImplicitVRLittleEndian
    ds.SOPClassUID = CR
    ds.SOPInstanceUID = meta.MediaStorageSOPInstanceUID
    ds.Modality = 'CR'
    ds.PatientName = 'Golden^Film'
    ds.PatientID = 'GOLDEN'
    ds.Rows, ds.Columns = values.shape[-2:] if values.ndim < 3 or values.shape[-1] != 3 else values.shape[:2]
    ds.SamplesPerPixel = 1
    ds.PhotometricInterpretation = 'MONOCHROME2'
    ds.BitsAllocated = allocated or container(bits, signed).itemsize * 8
    ds.BitsStored = bits
    ds.HighBit = bits - 1
    ds.PixelRepresentation = int(signed)
    dtype = np.dtype(f"{'<' if ds.is_little_endian else '>'}{'i' if signed else 'u'}{ds.BitsAllocated // 8}")
    data = values.astype(dtype).tobytes()
    ds.PixelData = data + b'\0' * (len(data) % 2)
    ds['PixelData'].VR = 'OW' if ds.BitsAllocated > 8 else 'OB'
    for keyword, value in attributes.items():
        setattr(ds, keyword, value)
    return ds


def path_of(name):
    return os.path.join(FILMS, name + '.dcm')


def save(name, ds):
    ds.save_as(path_of(name), write_like_original=False)


def sha256(array):
    return hashlib.sha256(np.ascontiguousarray(array).tobytes()).hexdigest()


def expect(name, stored, how, tolerance=0, display=None, modality=True):
    """Records what must be read from films/NAME.dcm; `stored` has the dtype that the core gives it."""
    entry = {'file': f'films/{name}.dcm', 'how': how, 'dtype': stored.dtype.str, 'shape': list(stored.shape)}
    if tolerance:
        np.save(path_of(name)[:-4] + '.stored.npy', stored)
        entry.update(storedFile=f'films/{name}.stored.npy', tolerance=tolerance)
    else:
        entry['stored'] = sha256(stored)
        if modality:
            ds = pydicom.dcmread(path_of(name), force=True, stop_before_pixels=True)
            entry['modality'] = sha256(np.asarray(apply_modality_lut(stored, ds), np.float64))
    if display is not None:
        np.save(path_of(name)[:-4] + '.display.npy', display.astype(np.float32))
        entry['display'] = f'films/{name}.display.npy'
    expected.append(entry)


def grey_case(name, bits, signed=False, display=None, seed=1, **options):
    values = picture(bits, signed, seed=seed)
    ds = dataset(name, values, bits, signed, **options)
    save(name, ds)
    expect(name, values.astype(container(bits, signed)), 'array', display=display and display(ds, values))
    return values, ds


def windowed(ds, values):
    """PS3.3 C.11.2 by pydicom, scaled from the output range it gives to 0..1."""
    modality = apply_modality_lut(values, ds)
    shown = apply_windowing(np.asarray(modality, np.float64), ds)
    # pydicom's output range: the stored range after the rescale
    slope, intercept = float(ds.get('RescaleSlope', 1)), float(ds.get('RescaleIntercept', 0))
    low = -(2 ** (ds.BitsStored - 1)) if ds.PixelRepresentation else 0
    high = 2 ** (ds.BitsStored - 1) - 1 if ds.PixelRepresentation else 2 ** ds.BitsStored - 1
    low, high = low * slope + intercept, high * slope + intercept
    shown = (shown - low) / (high - low)
    return 1 - shown if ds.PhotometricInterpretation == 'MONOCHROME1' else shown


def run(*command):
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def compressed_case(name, source, command, decoder, how, signed=False, stored=None, channel=None):
    """Compresses a native film with `command` (IN and OUT are filled in) and decodes it with `decoder`."""
    with tempfile.TemporaryDirectory() as folder:
        native, raw = os.path.join(folder, 'native.dcm'), os.path.join(folder, 'raw.dcm')
        source.save_as(native, write_like_original=False)
        fill = lambda words, a, b: [a if w == 'IN' else b if w == 'OUT' else w for w in words]
        run(*fill(command, native, path_of(name)))
        run(*fill(decoder, path_of(name), raw))
        decoded = pydicom.dcmread(raw)
        array = decoded.pixel_array
    if stored is not None:
        assert np.array_equal(array, stored), f'{name}: {how} does not give back what was written'
    if channel is not None:
        array = array[..., channel]
    bits = source.BitsStored
    expect(name, array.astype(container(bits, signed)), how, modality=channel is None)


def native_cases():
    grey_case('explicit-12', 12)
    grey_case('implicit-16-signed', 16, True, syntax=ImplicitVRLittleEndian, RescaleSlope='2.5', RescaleIntercept='-1000')
    grey_case('big-endian-12', 12, syntax=ExplicitVRBigEndian)
    grey_case('deflated-12', 12, syntax=DeflatedExplicitVRLittleEndian)
    grey_case('explicit-8', 8)
    grey_case('explicit-16', 16)
    grey_case('explicit-12-signed', 12, True)
    grey_case('explicit-32', 24, allocated=32)
    values = picture(12)
    shifted = dataset('high-bit-15', (values << 4) | 0xA, 12, allocated=16, HighBit=15)
    save('high-bit-15', shifted)
    expect('high-bit-15', values.astype('<u2'), 'array')
    overlay = (np.indices((ROWS, COLUMNS)).sum(0) % 16) << 12
    save('overlay-in-high-bits', dataset('overlay-in-high-bits', values | overlay, 12))
    expect('overlay-in-high-bits', values.astype('<u2'), 'array')
    signed = picture(12, True)
    save('overlay-in-high-bits-signed', dataset('overlay-in-high-bits-signed', (signed & 0xFFF) | overlay, 12,
                                                PixelRepresentation=1))
    expect('overlay-in-high-bits-signed', signed.astype('<i2'), 'array')
    big = dataset('big-endian-32', picture(24), 24, allocated=32, syntax=ExplicitVRBigEndian)
    save('big-endian-32', big)
    expect('big-endian-32', picture(24).astype('<u4'), 'array')
    bare = dataset('no-preamble', values, 12, syntax=ImplicitVRLittleEndian)
    bare.file_meta, bare.preamble = FileMetaDataset(), None
    bare.save_as(path_of('no-preamble'), write_like_original=True)
    expect('no-preamble', values.astype('<u2'), 'array')


def display_cases():
    window = dict(WindowCenter='2048', WindowWidth='3000')
    grey_case('window-linear', 12, display=windowed, **window)
    grey_case('window-linear-monochrome1', 12, display=windowed, PhotometricInterpretation='MONOCHROME1', **window)
    grey_case('window-linear-exact', 12, display=windowed, VOILUTFunction='LINEAR_EXACT', **window)
    grey_case('window-sigmoid', 12, display=windowed, VOILUTFunction='SIGMOID', **window)
    grey_case('window-narrow', 12, display=windowed, WindowCenter='2000', WindowWidth='1')
    grey_case('window-several', 12, display=windowed, WindowCenter=['1000.0', '2048.0'], WindowWidth=['900', '4096'],
              WindowCenterWidthExplanation=['FIRST', 'SECOND'])
    grey_case('window-after-rescale', 12, True, display=windowed, RescaleSlope='0.5', RescaleIntercept='-200',
              WindowCenter='-150.5', WindowWidth='700')

    values = picture(12)
    item = Dataset()
    item.LUTExplanation = 'CURVE'
    curve = np.floor(1023 * (np.arange(3000) / 2999) ** 0.6 + 0.5).astype(np.uint16)
    item.add_new(0x00283002, 'US', [3000, 500, 10])
    item.add_new(0x00283006, 'US', curve.tolist())
    ds = dataset('voi-lut', values, 12, **window)
    ds.VOILUTSequence = Sequence([item])
    save('voi-lut', ds)
    shown = curve[np.clip(values - 500, 0, 2999)] / 1023
    expect('voi-lut', values.astype('<u2'), 'array', display=shown)

    item = Dataset()
    item.ModalityLUTType = 'US'
    table = np.floor(40000 * np.log1p(np.arange(4096)) / np.log(4096) + 0.5).astype(np.uint16)
    item.add_new(0x00283002, 'US', [4096, 0, 16])
    item.add_new(0x00283006, 'US', table.tolist())
    ds = dataset('modality-lut', values, 12, PhotometricInterpretation='MONOCHROME1', WindowCenter='25000',
                 WindowWidth='20000')
    ds.ModalityLUTSequence = Sequence([item])
    save('modality-lut', ds)
    shown = np.clip((table[values].astype(np.float64) - 24999.5) / 19999 + 0.5, 0, 1)
    expect('modality-lut', values.astype('<u2'), 'array', display=1 - shown)

    values = picture(12)
    values[:, :9] = 4095
    values[:3] = 4090
    ds = dataset('padding', values, 12, PixelPaddingValue=4095, PixelPaddingRangeLimit=4085, **window)
    save('padding', ds)
    shown = windowed(ds, values)
    shown[values >= 4085] = 0
    expect('padding', values.astype('<u2'), 'array', display=shown)


def colour(seed=1):
    return np.stack([picture(8, seed=seed + i) for i in range(3)], -1).astype(np.uint8)


def luminance(rgb):
    return np.floor(rgb.astype(np.int64) @ np.array([299, 587, 114]) / 1000 + 0.5)


def colour_dataset(name, array, photometric, planar=0):
    return dataset(name, array, 8, SamplesPerPixel=3, PhotometricInterpretation=photometric, PlanarConfiguration=planar,
                   Rows=ROWS, Columns=COLUMNS, Modality='OT', SOPClassUID='1.2.840.10008.5.1.4.1.1.7')


def colour_cases():
    rgb = colour()
    grey = luminance(rgb).astype(np.uint8)
    save('rgb', colour_dataset('rgb', rgb, 'RGB'))
    expect('rgb', grey, 'array', modality=False)
    planar = colour_dataset('rgb-planar', rgb, 'RGB', planar=1)
    planar.PixelData = rgb.transpose(2, 0, 1).tobytes()
    save('rgb-planar', planar)
    expect('rgb-planar', grey, 'array', modality=False)
    save('ybr-full', colour_dataset('ybr-full', rgb, 'YBR_FULL'))
    expect('ybr-full', rgb[..., 0], 'array', modality=False)
    packed = np.empty((ROWS, COLUMNS // 2, 4), np.uint8)
    packed[..., 0], packed[..., 1] = rgb[:, ::2, 0], rgb[:, 1::2, 0]
    packed[..., 2], packed[..., 3] = rgb[:, ::2, 1], rgb[:, ::2, 2]
    ds = colour_dataset('ybr-full-422', rgb, 'YBR_FULL_422')
    ds.PixelData = packed.tobytes()
    save('ybr-full-422', ds)
    expect('ybr-full-422', rgb[..., 0], 'array', modality=False)

    palette = np.random.default_rng(5).integers(0, 65536, (3, 200), dtype=np.uint16)
    indices = np.clip(picture(8), 0, 230)
    ds = dataset('palette', indices, 8, PhotometricInterpretation='PALETTE COLOR', Modality='SC')
    for i, colour_name in enumerate(['Red', 'Green', 'Blue']):
        setattr(ds, f'{colour_name}PaletteColorLookupTableDescriptor', [200, 10, 16])
        setattr(ds, f'{colour_name}PaletteColorLookupTableData', palette[i].tobytes())
    save('palette', ds)
    shown = pydicom.pixel_data_handlers.util.apply_color_lut(indices.astype(np.uint8), ds)
    expect('palette', luminance(shown).astype('<u2'), 'pydicom apply_color_lut', modality=False)

    djpeg = ['dcmdjpeg', '+cn', 'IN', 'OUT']
    compressed_case('jpeg-baseline-colour', colour_dataset('jpeg-baseline-colour', rgb, 'RGB'),
                    ['dcmcjpeg', '+eb', 'IN', 'OUT'], djpeg, 'dcmtk', channel=0)
    lossless = colour_dataset('jpeg-lossless-rgb', rgb, 'RGB')
    compressed_case('jpeg-lossless-rgb', lossless, ['dcmcjpeg', '+e1', 'IN', 'OUT'], djpeg, 'dcmtk', channel=0)
    expected[-1].update(stored=sha256(grey), how='array')
    compressed_case('jpeg-ls-rgb', colour_dataset('jpeg-ls-rgb', rgb, 'RGB'), ['dcmcjpls', '+el', 'IN', 'OUT'],
                    ['dcmdjpls', 'IN', 'OUT'], 'dcmtk', channel=0)
    expected[-1].update(stored=sha256(grey), how='array')
    compressed_case('jpeg-ls-rgb-planes', colour_dataset('jpeg-ls-rgb-planes', rgb, 'RGB'),
                    ['dcmcjpls', '+el', '+in', 'IN', 'OUT'], ['dcmdjpls', 'IN', 'OUT'], 'dcmtk', channel=0)
    expected[-1].update(stored=sha256(grey), how='array')
    compressed_case('rle-rgb', colour_dataset('rle-rgb', rgb, 'RGB'), ['dcmcrle', 'IN', 'OUT'],
                    ['dcmdrle', 'IN', 'OUT'], 'dcmtk', channel=0)
    expected[-1].update(stored=sha256(grey), how='array')
    compressed_case('jpeg-2000-rgb', colour_dataset('jpeg-2000-rgb', rgb, 'RGB'), ['gdcmconv', '--j2k', 'IN', 'OUT'],
                    ['gdcmconv', '--raw', 'IN', 'OUT'], 'gdcm', channel=0)
    expected[-1].update(stored=sha256(grey), how='array')


def compressed_cases():
    djpeg, djpls, drle = [[tool, 'IN', 'OUT'] for tool in ('dcmdjpeg', 'dcmdjpls', 'dcmdrle')]
    graw = ['gdcmconv', '--raw', 'IN', 'OUT']
    cases = [
        ('rle-16', 16, False, ['dcmcrle'], drle, 'dcmtk', True),
        ('rle-8', 8, False, ['dcmcrle'], drle, 'dcmtk', True),
        ('rle-12-signed', 12, True, ['dcmcrle'], drle, 'dcmtk', True),
        ('jpeg-baseline-8', 8, False, ['dcmcjpeg', '+eb'], djpeg, 'dcmtk', False),
        ('jpeg-extended-8', 8, False, ['dcmcjpeg', '+ee'], djpeg, 'dcmtk', False),
        ('jpeg-extended-12', 12, False, ['dcmcjpeg', '+ee'], djpeg, 'dcmtk', False),
        ('jpeg-lossless-57-8', 8, False, ['dcmcjpeg', '+el', '+sv', '6'], djpeg, 'dcmtk', True),
        ('jpeg-lossless-57-12', 12, False, ['dcmcjpeg', '+el', '+sv', '4'], djpeg, 'dcmtk', True),
        ('jpeg-lossless-70-12', 12, False, ['dcmcjpeg', '+e1'], djpeg, 'dcmtk', True),
        ('jpeg-lossless-70-16', 16, False, ['dcmcjpeg', '+e1'], djpeg, 'dcmtk', True),
        ('jpeg-lossless-70-12-signed', 12, True, ['dcmcjpeg', '+e1'], djpeg, 'dcmtk', True),
        ('jpeg-ls-lossless-8', 8, False, ['dcmcjpls', '+el'], djpls, 'dcmtk', True),
        ('jpeg-ls-lossless-12', 12, False, ['dcmcjpls', '+el'], djpls, 'dcmtk', True),
        ('jpeg-ls-lossless-16-signed', 16, True, ['dcmcjpls', '+el'], djpls, 'dcmtk', True),
        ('jpeg-ls-near-12', 12, False, ['dcmcjpls', '+en', '+md', '3'], djpls, 'dcmtk', False),
        ('jpeg-2000-lossless-8', 8, False, ['gdcmconv', '--j2k'], graw, 'gdcm', True),
        ('jpeg-2000-lossless-12', 12, False, ['gdcmconv', '--j2k'], graw, 'gdcm', True),
        ('jpeg-2000-lossless-16-signed', 16, True, ['gdcmconv', '--j2k'], graw, 'gdcm', True),
    ]
    for name, bits, signed, encoder, decoder, how, lossless in cases:
        values = picture(bits, signed)
        ds = dataset(name, values, bits, signed)
        compressed_case(name, ds, [*encoder, 'IN', 'OUT'], decoder, how, signed, values if lossless else None)


def wavelet_cases():
    values = picture(12)
    name = 'jpeg-2000-lossy-12'
    image = Image.fromarray(values.astype(np.uint16))
    stream = io.BytesIO()
    image.save(stream, 'JPEG2000', irreversible=True, quality_mode='rates', quality_layers=[8], no_jp2=True)
    wavelet_film(name, values, 16, False, stream.getvalue(), '1.2.840.10008.1.2.4.91')
    decoded = np.asarray(Image.open(io.BytesIO(stream.getvalue())))
    expect(name, decoded.astype('<u2'), 'pillow', tolerance=1)

    for name, bits, signed in [('htj2k-lossless-8', 8, False), ('htj2k-lossless-12', 12, False),
                               ('htj2k-lossless-16-signed', 16, True)]:
        values = picture(bits, signed)
        wavelet_film(name, values, bits, signed, htj2k(values, bits, signed, False), '1.2.840.10008.1.2.4.201')
        expect(name, values.astype(container(bits, signed)), 'array')
    values = picture(12)
    stream = htj2k(values, 12, False, True)
    wavelet_film('htj2k-lossy-12', values, 12, False, stream, '1.2.840.10008.1.2.4.203')
    decoded = np.asarray(Image.open(io.BytesIO(stream)))
    expect('htj2k-lossy-12', decoded.astype('<u2'), 'pillow', tolerance=1)


def wavelet_film(name, values, bits, signed, stream, syntax):
    ds = dataset(name, values, bits, signed)
    # pydicom 2.3 writes only transfer syntaxes that it knows: one of the same length stands in for HTJ2K
    stand_in = syntax if syntax.endswith('.91') else '1.2.840.10008.1.2.4.100'
    ds.file_meta.TransferSyntaxUID = stand_in
    ds.PixelData = encapsulate([stream])
    ds['PixelData'].is_undefined_length = True
    save(name, ds)
    with open(path_of(name), 'rb') as film:
        written = film.read()
    with open(path_of(name), 'wb') as film:
        film.write(written.replace(stand_in.encode(), syntax.encode(), 1))


def htj2k(values, bits, signed, lossy):
    with tempfile.TemporaryDirectory() as folder:
        raw, coded = os.path.join(folder, 'raw'), os.path.join(folder, 'coded')
        values.astype(container(bits, signed)).tofile(raw)
        run('node', os.path.join(HERE, 'encode-htj2k.mjs'), raw, coded, str(ROWS), str(COLUMNS), str(bits),
            str(int(signed)), str(int(lossy)))
        return open(coded, 'rb').read()


def frame_cases():
    frames = np.stack([picture(12, seed=seed) for seed in (1, 2, 3)])
    ds = dataset('multi-frame-rle', frames, 12, NumberOfFrames=3)
    compressed_case('multi-frame-rle', ds, ['dcmcrle', 'IN', 'OUT'], ['dcmdrle', 'IN', 'OUT'], 'dcmtk', stored=frames)
    expected.pop()
    expect('multi-frame-rle', frames[0].astype('<u2'), 'dcmtk')
    ds = dataset('multi-frame-native', frames, 12, NumberOfFrames=3)
    save('multi-frame-native', ds)
    expect('multi-frame-native', frames[0].astype('<u2'), 'array')

    values = picture(12)
    with tempfile.TemporaryDirectory() as folder:
        native, coded = os.path.join(folder, 'native.dcm'), os.path.join(folder, 'coded.dcm')
        dataset('fragments', values, 12).save_as(native, write_like_original=False)
        run('dcmcjpls', '+el', '+fs', '1', native, coded)
        ds = pydicom.dcmread(coded)
    stream = pydicom.encaps.defragment_data(ds.PixelData)
    ds.PixelData = encapsulate([stream], fragments_per_frame=5)
    ds['PixelData'].is_undefined_length = True
    save('fragments', ds)
    expect('fragments', values.astype('<u2'), 'array')
    ds.PixelData = encapsulate([stream], has_bot=False)
    ds['PixelData'].is_undefined_length = True
    ds.add_new(0x7FE00001, 'OV', (0).to_bytes(8, 'little'))
    ds.add_new(0x7FE00002, 'OV', len(stream).to_bytes(8, 'little'))
    save('extended-offset-table', ds)
    expect('extended-offset-table', values.astype('<u2'), 'array')


if __name__ == '__main__':
    shutil.rmtree(FILMS, ignore_errors=True)
    os.makedirs(FILMS)
    native_cases()
    display_cases()
    colour_cases()
    compressed_cases()
    wavelet_cases()
    frame_cases()
    with open(os.path.join(HERE, 'expected.json'), 'w') as out:
        json.dump(sorted(expected, key=lambda entry: entry['file']), out, indent=2)
        out.write('\n')
    print(len(expected), 'films')
