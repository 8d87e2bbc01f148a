/** Links of chains as JSON. */
import { toBase64 } from "../bytes.js"
import type { Link } from "../crypto/chain.js"
import { asObject, bytesIn, listIn, type Json } from "../json.js"

export function linksIn(json: Json, name: string): readonly Link[] {
  return listIn(json, name).map((item) => {
    const link = asObject(item)
    return { data: bytesIn(link, "link"), signature: bytesIn(link, "signature") }
  })
}

export function linkToJson(link: Link): Json {
  return { link: toBase64(link.data), signature: toBase64(link.signature) }
}
