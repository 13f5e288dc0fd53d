import { Controller, Get, Header, Inject } from '@nestjs/common';
import { type ClientConfig, defaultLocale, locales } from '#contract';
import { PUBLIC_ANSWER } from '../http/security-headers.ts';
import { PARTS, type Parts } from '../parts.ts';
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

/** What a client needs to know before anything else. */
@Controller()
export class DocsController {
  readonly #config: ClientConfig;
  readonly #document = openApiDocument();
  readonly #liveDocument: ReturnType<typeof asyncApiDocument>;
  readonly #livePage: string;

  constructor(@Inject(PARTS) { configuration }: Parts) {
    this.#config = { gatewayUrl: configuration.GATEWAY_URL, locales: [...locales], defaultLocale };
    this.#liveDocument = asyncApiDocument(configuration.GATEWAY_URL);
    this.#livePage = livePage(this.#liveDocument);
  }

  @Get('client-config')
  @Header('cache-control', PUBLIC_ANSWER)
  clientConfig(): ClientConfig {
    return this.#config;
  }

  @Get('openapi.json')
  @Header('cache-control', PUBLIC_ANSWER)
  openApi() {
    return this.#document;
  }

  @Get('docs')
  @Header('cache-control', PUBLIC_ANSWER)
  @Header('content-type', 'text/html; charset=utf-8')
  docs(): string {
    return PAGE;
  }

  @Get('docs/start.js')
  @Header('cache-control', PUBLIC_ANSWER)
  @Header('content-type', 'text/javascript; charset=utf-8')
  start(): string {
    return START;
  }

  @Get('asyncapi.json')
  @Header('cache-control', PUBLIC_ANSWER)
  asyncApi() {
    return this.#liveDocument;
  }

  @Get('docs/live')
  @Header('cache-control', PUBLIC_ANSWER)
  @Header('content-type', 'text/html; charset=utf-8')
  liveDocs(): string {
    return this.#livePage;
  }
}
