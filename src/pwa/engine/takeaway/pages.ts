/** The pages of what is taken away, readable in any browser, without network and without any script. Pure. */
import type { TakeawayWords } from "../../bridge/commands/account.js"

export type Line = {
  readonly at: string
  readonly author: string
  readonly text: string
  /** A path beside the page, "" for a file that could not be taken. */
  readonly files: readonly { readonly name: string; readonly path: string; readonly isPicture: boolean }[]
}

const STYLE =
  "body{font:16px/1.45 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color:#14201f;background:#fbfaf7}" +
  "article{border-top:1px solid #d8d5cc;padding:.6rem 0}small{color:#4a5957}p{margin:.2rem 0;white-space:pre-wrap;overflow-wrap:anywhere}" +
  "img{max-width:100%;max-height:24rem;border-radius:8px;display:block;margin:.3rem 0}"
/** What is in here came from others: nothing of it runs, nothing is fetched. */
const POLICY = "default-src 'none'; img-src 'self' file:; style-src 'unsafe-inline'"

export const escape = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;").replaceAll("'", "&#39;")

function page(language: string, title: string, body: string): string {
  const head = `<meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta http-equiv="Content-Security-Policy" content="${POLICY}">`
  return `<!doctype html><html lang="${escape(language)}"><head>${head}<title>${escape(title)}</title><style>${STYLE}</style></head><body><h1>${escape(title)}</h1>${body}</body></html>\n`
}

const linked = (path: string, text: string): string => `<a href="${escape(encodeURI(path))}">${escape(text)}</a>`

export function discussionPage(words: TakeawayWords, title: string, members: readonly string[], lines: readonly Line[]): string {
  const articles = lines.map(({ at, author, text, files }) => {
    const shown = files.map(({ name, path, isPicture }) => {
      if (path === "") return `<p><small>${escape(`${name}, ${words.lost}`)}</small></p>`
      return isPicture ? `<img src="${escape(encodeURI(path))}" alt="${escape(name)}">` : `<p>${linked(path, name)}</p>`
    })
    return `<article><small>${escape(at)}, ${escape(author)}</small>${text === "" ? "" : `<p>${escape(text)}</p>`}${shown.join("")}</article>`
  })
  return page(words.language, title, `<p><small>${escape(members.join(", "))}</small></p>${articles.join("\n")}`)
}

/** `path` "" for what could not be taken. */
export type Listed = { readonly title: string; readonly line: string; readonly path: string }

export function indexPage(words: TakeawayWords, madeAt: string, discussions: readonly Listed[], documents: readonly Listed[]): string {
  const list = (listed: readonly Listed[]): string =>
    `<ul>${listed.map(({ title, line, path }) => `<li>${path === "" ? escape(`${title}, ${words.lost}`) : linked(path, title)} <small>${escape(line)}</small></li>`).join("\n")}</ul>`
  return page(
    words.language,
    words.title,
    `<p>${escape(words.intro)} <small>${escape(madeAt)}</small></p><h2>${escape(words.discussions)}</h2>${list(discussions)}` +
      `<h2>${escape(words.documents)}</h2>${list(documents)}<p>${linked("lien.json", words.server)}</p>`,
  )
}
