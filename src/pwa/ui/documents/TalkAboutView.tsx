import { useState } from "preact/hooks"
import type { DocumentPerson, DocumentView as Document } from "../../bridge/documents.js"
import type { AccountId, ChannelId, DiscussionSummary } from "../../bridge/models.js"
import { ConfirmView } from "../components/ConfirmView.js"
import { HeaderView } from "../components/HeaderView.js"
import { IconView } from "../components/IconView.js"
import { NoticeView } from "../components/NoticeView.js"
import { SkeletonRowsView } from "../components/SkeletonView.js"
import { listNames, othersOf, titleOf } from "../conversations/discussionModel.js"
import { fullName } from "../directory/names.js"
import { explainCode } from "../i18n/failures.js"
import { words } from "../i18n/language.js"
import { nameOf } from "./documentModel.js"
import "../conversations/compose.css"
import "./documents.css"

export type TalkTo = { readonly account: AccountId } | { readonly channel: ChannelId }
/** With whom, and everyone whom the person is about to confirm. */
export type Asked = { readonly to: TalkTo; readonly confirmed: readonly AccountId[]; readonly names: readonly string[] }

type Props = {
  readonly document: Document | null
  /** Null while the directory is asked. */
  readonly people: readonly DocumentPerson[] | null
  readonly discussions: readonly DiscussionSummary[]
  readonly me: AccountId
  readonly failure: string | null
  readonly onBack: () => void
  readonly onTalk: (asked: Asked, shares: boolean) => Promise<void>
}

const most = 20

/** With whom: the author first, who else received it, then the discussions there are. */
export function TalkAboutView({ document, people, discussions, me, failure, onBack, onTalk }: Props) {
  const text = words().talkAbout
  const [asked, setAsked] = useState<Asked | null>(null)
  const recent = discussions.filter(({ suspended }) => suspended === null).slice(0, most)
  return (
    <>
      <HeaderView title={text.title} onBack={onBack} />
      <div class="scroll document">
        <p class="document-head quiet">{text.explain}</p>
        {failure !== null && (
          <div class="notices">
            <NoticeView tone="attention" text={explainCode(failure)} />
          </div>
        )}
        <section aria-labelledby="talk-people">
          <h2 id="talk-people" class="list-heading">
            {text.people}
          </h2>
          {people === null && failure === null && <SkeletonRowsView label={text.people} />}
          {people?.every(({ account }) => account === null) === true && <p class="document-head quiet">{text.none}</p>}
          {(people ?? []).map((person, index) => (
            <PersonView key={index} person={person} onAsk={(account) => setAsked({ to: { account }, confirmed: [account], names: [person.name] })} />
          ))}
        </section>
        {recent.length > 0 && (
          <section aria-labelledby="talk-discussions">
            <h2 id="talk-discussions" class="list-heading">
              {text.discussions}
            </h2>
            {recent.map((summary) => (
              <button
                type="button"
                class="row"
                key={summary.channel}
                onClick={() => setAsked(askedIn(summary, me))}
              >
                <IconView name={summary.isDirect ? "me" : "group"} />
                <span class="row-body">
                  <span class="row-title">{titleOf(summary, me)}</span>
                </span>
                <IconView name="open" />
              </button>
            ))}
          </section>
        )}
      </div>
      {asked !== null && document !== null && <AskView asked={asked} document={document} onTalk={onTalk} onClose={() => setAsked(null)} />}
    </>
  )
}

function askedIn(summary: DiscussionSummary, me: AccountId): Asked {
  const others = othersOf(summary, me)
  return {
    to: { channel: summary.channel },
    confirmed: others.map(({ account }) => account),
    names: others.map(({ professional }) => fullName(professional)),
  }
}

function PersonView({ person, onAsk }: { readonly person: DocumentPerson; readonly onAsk: (account: AccountId) => void }) {
  const text = words().talkAbout
  const { account } = person
  const line = [person.isAuthor ? text.author : text.reader, person.profession].filter((part) => part !== "").join(words().profession.separator)
  return (
    <button type="button" class="row" disabled={account === null} onClick={() => account !== null && onAsk(account)}>
      <IconView name="me" />
      <span class="row-body">
        <span class="row-title">{person.name}</span>
        <span class="row-line">{line}</span>
        {account === null && <span class="row-line">{words().directory.notOnLien}</span>}
      </span>
      {account !== null && <IconView name="open" />}
    </button>
  )
}

type AskProps = { readonly asked: Asked; readonly document: Document; readonly onTalk: Props["onTalk"]; readonly onClose: () => void }

/** Everyone who will learn of the patient is named before anyone does. */
function AskView({ asked, document, onTalk, onClose }: AskProps) {
  const text = words().talkAbout
  const [shares, setShares] = useState(true)
  const all = asked.names.join(", ")
  const patient = nameOf(document.identity)
  const explain = asked.names.length === 1 ? text.confirmExplain : text.confirmGroup
  const explainShared = asked.names.length === 1 ? text.shareExplain : text.shareGroup
  return (
    <ConfirmView
      title={(shares ? text.confirmShare : text.confirm)(listNames(asked.names))}
      text={shares ? explainShared(patient, all) : explain(patient, all)}
      action={shares ? text.share : text.action}
      working={shares ? text.sharing : text.action}
      isHarmless
      onConfirm={() => onTalk(asked, shares)}
      onClose={onClose}
    >
      <label class="check-line">
        <input type="checkbox" checked={shares} onChange={(event) => setShares(event.currentTarget.checked)} />
        <span>{text.shareToo}</span>
      </label>
    </ConfirmView>
  )
}
