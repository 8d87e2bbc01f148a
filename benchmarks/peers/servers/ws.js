// Rooms by path: what one says goes to all others, the sender is told "ack".
const { WebSocketServer } = require("ws")
const { createServer } = require("http")

const rooms = new Map()
const http = createServer()
const server = new WebSocketServer({ server: http, perMessageDeflate: false })
server.on("connection", (socket, request) => {
  const room = rooms.get(request.url) ?? new Set()
  rooms.set(request.url, room)
  room.add(socket)
  socket.on("message", (data) => {
    for (const other of room) if (other !== socket) other.send(data, { binary: true })
    socket.send("ack")
  })
  socket.on("close", () => {
    room.delete(socket)
    if (room.size === 0) rooms.delete(request.url)
  })
})
http.listen({ port: Number(process.argv[2]), host: "127.0.0.1", backlog: 4096 })
