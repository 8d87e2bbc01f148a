import type { Delivery } from "../../bridge/models.js"
import { words } from "../i18n/language.js"

const check = "M6 12.5 10 16.5 18 7.5"
const checks = ["M2.5 12.5 6.5 16.5 14.5 7.5", "M11 15.6 12 16.5 20.5 7.5"] as const
const smallChecks = ["M6.2 12.3 8.8 14.9 13.4 9.6", "M12.2 14.4 12.7 14.9 17.6 9.6"] as const

/** Four states, four shapes: a clock, one check, two checks, two checks on a filled disc; and a mark for what failed. */
export function DeliveryView({ delivery }: { readonly delivery: Delivery }) {
  return (
    <svg class={`delivery delivery-${delivery}`} viewBox="0 0 24 24" role="img" aria-label={words().delivery[delivery]}>
      {shapeOf(delivery)}
    </svg>
  )
}

function shapeOf(delivery: Delivery) {
  switch (delivery) {
    case "waiting":
      return (
        <>
          <circle cx="12" cy="12" r="8.5" />
          <path d="M12 7.5V12l3 2" />
        </>
      )
    case "sent":
      return <path d={check} />
    case "delivered":
      return checks.map((path) => <path key={path} d={path} />)
    case "read":
      return (
        <>
          <circle class="delivery-disc" cx="12" cy="12" r="11" />
          {smallChecks.map((path) => (
            <path key={path} class="delivery-on-disc" d={path} />
          ))}
        </>
      )
    case "failed":
      return (
        <>
          <circle cx="12" cy="12" r="9" />
          <path d="M12 7.5v5.5M12 16.5v.01" />
        </>
      )
  }
}
