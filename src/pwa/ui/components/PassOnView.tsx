import { useState } from "preact/hooks"
import { words } from "../i18n/language.js"
import { NoticeView } from "./NoticeView.js"
import { QrView } from "./QrView.js"

type Props = {
  readonly link: string
  /** What goes with the link, for whoever receives it. */
  readonly message: string
  /** What the picture is, for who does not see it. */
  readonly label: string
}

/** A link that a person gives to another by their own means: shown, copied, shared. Nothing is sent by Lien. */
export function PassOnView({ link, message, label }: Props) {
  const { passOn: text } = words()
  const [isCopied, setCopied] = useState(false)
  const canShare = typeof navigator.share === "function"
  return (
    <>
      <QrView text={link} label={label} />
      <p class="pass-on-link" aria-label={text.link}>
        {link}
      </p>
      {isCopied && <NoticeView tone="good" text={text.copied} />}
      <button
        type="button"
        class="button button-outline button-wide"
        onClick={() => {
          navigator.clipboard.writeText(`${message} ${link}`).then(
            () => setCopied(true),
            () => setCopied(false),
          )
        }}
      >
        {text.copy}
      </button>
      {canShare && (
        <button
          type="button"
          class="button button-outline button-wide"
          onClick={() => {
            navigator.share({ text: message, url: link }).catch(() => undefined)
          }}
        >
          {text.share}
        </button>
      )}
    </>
  )
}
