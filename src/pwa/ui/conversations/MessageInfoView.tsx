import type { AccountId, MessageInfo, Person } from "../../bridge/models.js"
import { AvatarView } from "../components/AvatarView.js"
import { DeliveryView } from "./DeliveryView.js"
import { SheetView } from "../components/SheetView.js"
import { fullName, professionOf } from "../directory/names.js"
import { words } from "../i18n/language.js"

type Props = { readonly info: MessageInfo | null; readonly personOf: (account: AccountId) => Person | null; readonly onClose: () => void }

/** Who received a message and who has read it, person by person. */
export function MessageInfoView({ info, personOf, onClose }: Props) {
  const { message: text, discussion } = words()
  const groups = [
    { delivery: "read", title: text.infoRead },
    { delivery: "delivered", title: text.infoDelivered },
    { delivery: "sent", title: text.infoSent },
  ] as const
  return (
    <SheetView title={text.infoTitle} onClose={onClose}>
      {info === null && <p role="status">{discussion.loading}</p>}
      {groups.map(({ delivery, title }) => {
        const people = (info?.people ?? []).filter((one) => one.delivery === delivery)
        if (people.length === 0) return null
        return (
          <section key={delivery}>
            <h3 class="list-title info-title">
              <DeliveryView delivery={delivery} />
              {title}
            </h3>
            <ul>
              {people.map(({ account }) => {
                const person = personOf(account)
                return (
                  <li key={account} class="row">
                    {person !== null && <AvatarView professional={person.professional} size="small" />}
                    <span class="row-body">
                      <span class="row-title">{person === null ? discussion.someone : fullName(person.professional)}</span>
                      {person !== null && <span class="row-line">{professionOf(person.professional)}</span>}
                    </span>
                  </li>
                )
              })}
            </ul>
          </section>
        )
      })}
    </SheetView>
  )
}
