import { expect, test } from "vitest"
import { EngineFailure } from "../../bridge/channel.js"
import { en } from "./en.js"
import { codeOf, explainCode } from "./failures.js"
import { fr } from "./fr.js"

type Tree = { readonly [key: string]: unknown }

function leaves(tree: Tree, path = ""): readonly (readonly [string, unknown])[] {
  return Object.entries(tree).flatMap(([key, value]) =>
    typeof value === "object" && value !== null ? leaves(value as Tree, `${path}${key}.`) : [[`${path}${key}`, value] as const],
  )
}

test("both languages say the same things, and none is empty", () => {
  expect(leaves(en).map(([path]) => path).toSorted()).toEqual(leaves(fr).map(([path]) => path).toSorted())
  for (const [path, value] of [...leaves(fr), ...leaves(en)]) expect(value, path).not.toBe("")
})

test("French never breaks the line before its double punctuation", () => {
  const sentences = leaves(fr).filter((leaf): leaf is readonly [string, string] => typeof leaf[1] === "string")
  for (const [path, sentence] of sentences) expect(sentence, path).not.toMatch(/ [?!:;»]|« /)
})

test("counted words agree", () => {
  expect(fr.discussions.unreadCount(1)).toBe("1 message non lu")
  expect(fr.discussions.unreadCount(0)).toBe("0 message non lu")
  expect(fr.discussions.unreadCount(2)).toBe("2 messages non lus")
  expect(en.discussions.unreadCount(0)).toBe("0 unread messages")
})

test("an unknown code is still explained, also one that is a property of every object", () => {
  expect(explainCode("not_in_directory")).toBe(fr.errors.not_in_directory)
  expect(explainCode("from_a_newer_server")).toBe(fr.errors.unexpected)
  expect(explainCode("constructor")).toBe(fr.errors.unexpected)
})

test("what was thrown becomes a code", () => {
  expect(codeOf(new EngineFailure("offline"))).toBe("offline")
  expect(codeOf(new DOMException("", "NotAllowedError"))).toBe("passkey_cancelled")
  expect(codeOf(new DOMException("", "InvalidStateError"))).toBe("passkey_known")
  expect(codeOf(new Error("boom"))).toBe("unexpected")
})
