import { Controller } from '@nestjs/common';
import { type ClientConfig, defaultLocale, locales } from '#contract';
import { Configuration } from '#platform';
import { Handles } from '../http/call.ts';
import { asyncApiDocument } from './asyncapi.ts';
import { livePage } from './live-page.ts';
import { openApiDocument } from './openapi.ts';

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Comptoir API</title>
<link rel="stylesheet" href="/api/v1/docs/assets/swagger-ui.css">
</head>
<body>
<div id="docs"></div>
<script src="/api/v1/docs/assets/swagger-ui-bundle.js"></script>
<script src="/api/v1/docs/start.js"></script>
</body>
</html>
`;
const START = `SwaggerUIBundle({ url: '/api/v1/openapi.json', dom_id: '#docs', deepLinking: true });\n`;

/** Serves the configuration of clients, and the documents of the API. */
@Controller()
export class DocsController {
  readonly #config: ClientConfig;
  readonly #document = openApiDocument();
  readonly #liveDocument: ReturnType<typeof asyncApiDocument>;
  readonly #livePage: string;

  constructor({ GATEWAY_URL }: Configuration) {
    this.#config = { gatewayUrl: GATEWAY_URL, locales: [...locales], defaultLocale };
    this.#liveDocument = asyncApiDocument(GATEWAY_URL);
    this.#livePage = livePage(this.#liveDocument);
  }

  @Handles('GET /client-config')
  clientConfig(): ClientConfig {
    return this.#config;
  }

  @Handles('GET /openapi.json')
  openApi() {
    return this.#document;
  }

  @Handles('GET /docs')
  docs(): string {
    return PAGE;
  }

  @Handles('GET /docs/start.js')
  start(): string {
    return START;
  }

  @Handles('GET /asyncapi.json')
  asyncApi() {
    return { ...this.#liveDocument };
  }

  @Handles('GET /docs/live')
  liveDocs(): string {
    return this.#livePage;
  }
}
