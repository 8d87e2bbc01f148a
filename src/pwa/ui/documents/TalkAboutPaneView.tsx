/** "En parler", wired to the engine. */
import { useEffect, useState } from "preact/hooks"
import type { DocumentPerson, DocumentRef, DocumentView as Document } from "../../bridge/documents.js"
import type { Me } from "../../bridge/models.js"
import { codeOf } from "../i18n/failures.js"
import { words } from "../i18n/language.js"
import type { Page } from "../page.js"
import { goBack, replaceWith } from "../router.js"
import { dateOf, titleOf } from "./documentModel.js"
import { TalkAboutView } from "./TalkAboutView.js"

export function TalkAboutPaneView({ page, me, document: ref }: { readonly page: Page; readonly me: Me; readonly document: DocumentRef }) {
  const { engine } = page
  const [document, setDocument] = useState<Document | null>(null)
  const [people, setPeople] = useState<readonly DocumentPerson[] | null>(null)
  const [failure, setFailure] = useState<string | null>(null)
  useEffect(() => {
    const explain = (error: unknown) => setFailure(codeOf(error))
    engine.ask("document", { document: ref }).then(setDocument, explain)
    engine.ask("documentPeople", { document: ref }).then((answer) => setPeople(answer.people), explain)
  }, [ref])
  return (
    <TalkAboutView
      document={document}
      people={people}
      discussions={page.discussions.value ?? []}
      me={me.account}
      failure={failure}
      onBack={goBack}
      onTalk={async ({ to, confirmed }, shares) => {
        const text = document === null ? "" : words().talkAbout.first(titleOf(document), dateOf(document))
        const { channel } = await engine.ask("talkAbout", { document: ref, to, confirmed, shares, text })
        replaceWith({ kind: "discussion", channel })
      }}
    />
  )
}
