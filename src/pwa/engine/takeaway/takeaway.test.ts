import { expect, test } from "vitest"
import type { TakeawayWords } from "../../bridge/commands/account.js"
import { extensionOf, safeName } from "./names.js"
import { discussionPage } from "./pages.js"
import { Zip } from "./zip.js"

const words: TakeawayWords = { language: "fr", title: "t", intro: "i", discussions: "d", documents: "c", server: "s", messages: "{n}", deleted: "x", lost: "absent" }

test("nothing that somebody wrote runs in a page", () => {
  const said = `<img src=x onerror=alert(1)>"'&`
  const page = discussionPage(words, said, [said], [{ at: "hier", author: said, text: said, files: [{ name: said, path: said, isPicture: true }] }])
  expect(page).not.toContain("<img src=x")
  expect(page).toContain("&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;")
  expect(page).toContain("default-src 'none'")
})

test("names are those of files, wherever they came from", () => {
  expect(safeName("../../etc/passwd")).toBe("etc passwd")
  expect(safeName("a\u202ecod.exe\u0000 b")).toBe("a cod.exe b")
  expect(extensionOf("page.HTML", "text/html")).toBe(".txt")
  expect(extensionOf("courrier.docx", "application/octet-stream")).toBe("")
  expect(extensionOf("", "image/webp")).toBe(".webp")
})

test("an archive of nothing is one, and one file stands before its list", () => {
  expect(Buffer.from(new Zip().end()).toString("hex")).toBe(`504b0506${"00".repeat(18)}`)
  const zip = new Zip()
  const file = zip.add("é.txt", new TextEncoder().encode("123456789"), 0)
  const end = Buffer.from(zip.end())
  // The check value of CRC-32, and where the file begins.
  expect(Buffer.from(file).readUInt32LE(14)).toBe(0xcbf43926)
  expect(end.readUInt32LE(42)).toBe(0)
  expect(end.readUInt32LE(end.length - 6)).toBe(file.length)
})
