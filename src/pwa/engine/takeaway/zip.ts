/**
 * A ZIP archive, one file after the other, so that no more than one is in memory (APPNOTE 6.3.10).
 *
 * Nothing is compressed: photographs, voices and PDF already are. Names are UTF-8. Without the extension for large
 * archives, so within 4 GiB and 65,535 files.
 */
import type { Bytes } from "../bytes.js"
import { join } from "../crypto/msgpack.js"
import { Refusal } from "../failure.js"

const MOST_BYTES = 2 ** 32 - 2 ** 24
const MOST_FILES = 65_535
const UTF8_NAMES = 1 << 11
const VERSION = 20

type Entry = { readonly name: Bytes; readonly crc: number; readonly size: number; readonly when: number; readonly at: number }

export class Zip {
  private readonly entries: Entry[] = []
  private length = 0

  /** The bytes of one file, to be written after all before. Refuses with `too_large`. */
  add(path: string, content: Uint8Array, atMs: number): Bytes {
    if (this.length + content.length > MOST_BYTES || this.entries.length === MOST_FILES) throw new Refusal("too_large")
    const name = new TextEncoder().encode(path)
    const entry: Entry = { name, crc: crc32(content), size: content.length, when: dosTime(atMs), at: this.length }
    const bytes = join([fields([4, 0x04034b50], [2, VERSION], ...described(entry), [2, 0]), name, content])
    this.entries.push(entry)
    this.length += bytes.length
    return bytes
  }

  /** What ends the archive: the list of its files. */
  end(): Bytes {
    const files = this.entries.map((entry) =>
      // Made by, needed by, the same as above, no comment, first disk, text or not, attributes, where it begins.
      join([fields([4, 0x02014b50], [2, VERSION], [2, VERSION], ...described(entry), [2, 0], [2, 0], [2, 0], [2, 0], [4, 0], [4, entry.at]), entry.name]),
    )
    const list = join(files)
    const count = this.entries.length
    return join([list, fields([4, 0x06054b50], [2, 0], [2, 0], [2, count], [2, count], [4, list.length], [4, this.length], [2, 0])])
  }
}

type Field = readonly [bytes: 2 | 4, value: number]

/** Flags, method (stored), when, checksum, size twice, length of the name. */
const described = ({ name, crc, size, when }: Entry): readonly Field[] => [[2, UTF8_NAMES], [2, 0], [4, when], [4, crc], [4, size], [4, size], [2, name.length]]

function fields(...values: readonly Field[]): Bytes {
  const bytes = new Uint8Array(values.reduce((sum, [width]) => sum + width, 0))
  const view = new DataView(bytes.buffer)
  let at = 0
  for (const [width, value] of values) {
    if (width === 2) view.setUint16(at, value, true)
    else view.setUint32(at, value, true)
    at += width
  }
  return bytes
}

/** Date and time as MS-DOS wrote them, of where this device is. */
function dosTime(atMs: number): number {
  const at = new Date(atMs)
  const date = ((Math.max(1980, at.getFullYear()) - 1980) << 9) | ((at.getMonth() + 1) << 5) | at.getDate()
  return ((date << 16) | (at.getHours() << 11) | (at.getMinutes() << 5) | (at.getSeconds() >> 1)) >>> 0
}

const TABLE = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1
  return value >>> 0
})

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of bytes) crc = (crc >>> 8) ^ (TABLE[(crc ^ byte) & 0xff] ?? 0)
  return (crc ^ 0xffffffff) >>> 0
}
