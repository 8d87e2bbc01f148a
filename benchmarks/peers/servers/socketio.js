// Rooms by query: what one emits goes to all others, the sender is acknowledged.
const { createServer } = require("http")
const { Server } = require("socket.io")
const { createAdapter } = require("@socket.io/redis-adapter")
const { createClient } = require("redis")

async function main() {
  const publisher = createClient({ url: `redis://127.0.0.1:${process.argv[3]}` })
  const subscriber = publisher.duplicate()
  await Promise.all([publisher.connect(), subscriber.connect()])
  const http = createServer()
  const io = new Server(http, {
    transports: ["websocket"],
    pingInterval: 600_000,
    adapter: createAdapter(publisher, subscriber),
  })
  io.on("connection", (socket) => {
    const { room } = socket.handshake.query
    socket.join(room)
    socket.on("m", (text, acknowledge) => {
      socket.to(room).emit("m", text)
      acknowledge()
    })
  })
  http.listen({ port: Number(process.argv[2]), host: "127.0.0.1", backlog: 4096 })
}

main()
