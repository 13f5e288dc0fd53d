/**
 * The clients of Comptoir, typed by the contract: for its calls (`openClient`) and its live messages (`LiveClient`). Pages, tests and benches
 * use them. They run in a browser.
 */
export { ApiProblem, type CallRequest, type CallResult, type Client, type FileCallName, openClient } from './client.ts';
export { LIVE_SOCKET_OPTIONS, LiveClient, type LiveSocket, type ProgrammeChange, type Unwatch } from './live-client.ts';
