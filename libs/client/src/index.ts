/**
 * The clients of Comptoir: its calls (`openClient`) and its live messages (`LiveClient`), typed by the contract. For pages, tests and
 * benches; runs in a browser.
 */
export { type Answered, ApiProblem, type CallRequest, type Client, type FileCallName, openClient } from './client.ts';
export { LIVE_SOCKET_OPTIONS, LiveClient, type LiveSocket, type ProgrammeChange, type Unwatch } from './live-client.ts';
