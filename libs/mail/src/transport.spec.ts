import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import net from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import { freePort } from '../../../apps/local/src/ports.ts';
import { startTestMailbox, type TestMailbox } from '../../../test/support/index.ts';
import { startSmtpSink } from '../../../test/support/smtp-sink.ts';
import { type ComposedMail, createMailTransport, MailError, type MailErrorKind } from './index.ts';

const to = { name: 'Léa', address: 'lea@example.org' };
const mail: ComposedMail = { to, subject: 'Bonjour', html: '<p>Bonjour</p>', text: 'Bonjour', attachments: [] };
const from = 'Comptoir <comptoir@comptoir.test>';

const mailTo = (address: string): ComposedMail => ({ ...mail, to: { ...to, address } });

describe('the connection to the mail server', () => {
  let mailbox: TestMailbox;

  beforeAll(async () => {
    mailbox = await startTestMailbox();
  });

  afterAll(async () => {
    await mailbox.stop();
  });

  it('reports the answer of the server without the e-mail address in it', async () => {
    const transport = createMailTransport({ smtpUrl: mailbox.url, from });
    for (const address of ['lea@example.org', "sean.o'brien@example.org"]) {
      mailbox.refuseWith = 451;
      const sending = transport.send({ messageId: 'words@comptoir.test', mail: mailTo(address) });
      await expect(sending).rejects.toThrow('<…>: refused by the test');
    }
    mailbox.refuseWith = undefined;
    transport.close();
  });

  it('distinguishes a temporary from a permanent refusal, and from an unavailable server', async () => {
    const transport = createMailTransport({ smtpUrl: mailbox.url, from });
    const send = (address = to.address): Promise<unknown> =>
      transport.send({ messageId: 'two@comptoir.test', mail: mailTo(address) }).catch((error: unknown) => error);
    const expectError = async (sending: Promise<unknown>, kind: MailErrorKind) => {
      const error = await sending;
      expect(error).toBeInstanceOf(MailError);
      expect(error).toMatchObject({ kind });
    };
    mailbox.refuseWith = 451;
    await expectError(send(), 'busy');
    mailbox.refuseWith = 550;
    await expectError(send(), 'refused');
    mailbox.refuseWith = undefined;
    // The transport refuses a text that is not an address, without asking the server.
    await expectError(send('nobody'), 'refused');
    await mailbox.pause();
    await expectError(send(), 'connection');
    await mailbox.resume();
    expect(await send()).toBeUndefined();
    transport.close();
  });

  it('reports a connection error for a server that accepts no message at all', async () => {
    const server = net.createServer((socket) => socket.end('554 not today\r\n'));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as net.AddressInfo;
    const transport = createMailTransport({ smtpUrl: `smtp://127.0.0.1:${port}`, from });
    await expect(transport.send({ messageId: 'three@comptoir.test', mail })).rejects.toMatchObject({
      kind: 'connection',
    });
    transport.close();
    server.close();
  });

  it('signs in with the user and password of the address, and signs for the domain if it has a key', async () => {
    const signedIn: unknown[] = [];
    const sources: string[] = [];
    const port = await freePort();
    const server = new SMTPServer({
      allowInsecureAuth: true,
      disabledCommands: ['STARTTLS'],
      disableReverseLookup: true,
      closeTimeout: 200,
      onAuth({ username, password }, _session, done) {
        signedIn.push([username, password]);
        done(null, { user: username });
      },
      onData(stream, _session, done) {
        let source = '';
        stream.on('data', (chunk) => {
          source += chunk;
        });
        stream.on('end', () => {
          sources.push(source);
          done();
        });
      },
    });
    server.listen(port, '127.0.0.1');
    await once(server.server, 'listening');
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const transport = createMailTransport({
      smtpUrl: `smtp://caf%C3%A9:p%40ss@127.0.0.1:${port}`,
      from,
      dkim: {
        domain: 'comptoir.test',
        selector: 'novembre',
        privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      },
    });
    const unsubscribeUrl = 'https://comptoir.test/api/v1/reminders/unsubscribe?token=t';
    await transport.send({ messageId: 'four@comptoir.test', mail: { ...mail, unsubscribeUrl } });
    transport.close();
    expect(signedIn).toEqual([['café', 'p@ss']]);
    const signature = String((await simpleParser(sources[0] as string)).headers.get('dkim-signature'));
    const header = sources[0]?.slice(0, sources[0].indexOf('\r\n\r\n')) ?? '';
    // Mail programs offer to unsubscribe only if the signature covers both headers (RFC 8058, 4).
    const signed = /^DKIM-Signature: [^\r]*(?:\r\n\s[^\r]*)*/im.exec(header)?.[0].replace(/\s+/g, '');
    expect(signed).toMatch(/h=[^;]*List-Unsubscribe:List-Unsubscribe-Post/i);
    expect(header + signature).toMatch(/d=comptoir\.test;[\s\S]*s=novembre;/);
    await new Promise<void>((resolve) => server.close(resolve));
  });

  it('sends nothing without TLS if TLS is required', async () => {
    const transport = createMailTransport({ smtpUrl: `${mailbox.url}?requireTLS=true`, from });
    const before = mailbox.messages.length;
    await expect(transport.send({ messageId: 'five@comptoir.test', mail })).rejects.toMatchObject({
      kind: 'connection',
    });
    expect(mailbox.messages).toHaveLength(before);
    transport.close();
  });

  it('waits longer for the answer to a whole message than for other answers, and seldom retries a silent server', async () => {
    const sink = await startSmtpSink();
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const transport = createMailTransport({
      smtpUrl: sink.url,
      from,
      connectionsMax: 1,
      // The signature reads a message before it has a connection.
      dkim: {
        domain: 'comptoir.test',
        selector: 'novembre',
        privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      },
      handedOverWithinMs: 1_000,
      answeredWithinMs: 3_000,
    });
    sink.behaviour.answerLateMs = 2_000;
    await transport.send({ messageId: 'late@comptoir.test', mail });
    expect([...sink.accepted]).toEqual([['late@comptoir.test', 1]]);

    sink.behaviour.answerLateMs = 60_000;
    await expect(transport.send({ messageId: 'never@comptoir.test', mail })).rejects.toMatchObject({
      kind: 'busy',
    });
    // An attempt without a connection ends earlier, because another server may be less busy.
    sink.behaviour = { commandDelayMs: 2_000 };
    await expect(transport.send({ messageId: 'hung@comptoir.test', mail })).rejects.toMatchObject({
      kind: 'connection',
    });
    sink.behaviour = {};
    await transport.send({ messageId: 'then@comptoir.test', mail });
    expect([...sink.accepted.keys()]).toEqual(['late@comptoir.test', 'never@comptoir.test', 'then@comptoir.test']);
    transport.close();
    await sink.stop();
  });

  describe('for addresses beyond ASCII', () => {
    const recipients: string[] = [];
    let end: () => Promise<void> = async () => {};
    afterEach(() => end());
    const start = async (smtpUtf8: boolean) => {
      recipients.length = 0;
      const sink = await startSmtpSink({ sourcesMax: 2 });
      sink.behaviour = {
        smtpUtf8,
        refuse(recipient) {
          recipients.push(Buffer.from(recipient, 'latin1').toString('utf8'));
          return undefined;
        },
      };
      const transport = createMailTransport({ smtpUrl: sink.url, from });
      end = async () => {
        transport.close();
        await sink.stop();
      };
      return { sink, transport };
    };

    it('sends to the ASCII form of a domain, whatever the server offers', async () => {
      const { sink, transport } = await start(false);
      await transport.send({ messageId: 'domain@comptoir.test', mail: mailTo('info@kfz-müller.de') });
      expect(new Set(recipients)).toEqual(new Set(['info@xn--kfz-mller-u9a.de']));
      expect((sink.sources[0] as Buffer).toString('latin1')).toMatch(/^To: .*<info@xn--kfz-mller-u9a\.de>\r$/m);
    });

    it('sends to letters beyond ASCII before @ in UTF-8 if the server offers SMTPUTF8', async () => {
      const { sink, transport } = await start(true);
      await transport.send({ messageId: 'local@comptoir.test', mail: mailTo('josé@example.org') });
      expect(new Set(recipients)).toEqual(new Set(['josé@example.org']));
      expect((sink.sources[0] as Buffer).toString('utf8')).toMatch(/^To: .*<josé@example\.org>\r$/m);
    });

    it('refuses them permanently if the server does not offer it, and sends nothing', async () => {
      const { transport } = await start(false);
      await expect(
        transport.send({ messageId: 'none@comptoir.test', mail: mailTo('josé@example.org') }),
      ).rejects.toMatchObject({ kind: 'refused', message: expect.stringContaining('SMTPUTF8') });
      expect(recipients).toEqual([]);
    });
  });
});
