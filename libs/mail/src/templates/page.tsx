import type { CSSProperties, ReactNode } from 'react';
import { Body, Container, Head, Heading, Hr, Html, Img, Link, Text } from 'react-email';
import { Actions, CafeCard, Code, List, Ticket } from './blocks.tsx';
import { dark, light } from './colours.ts';
import type { MessageContent } from './content.ts';
import { body, serif, small, TABLE_CID } from './styles.ts';

/** For clients with support for themes. Other clients show the light theme, whose colours each element contains. */
const themes = `
  :root { color-scheme: light dark; supported-color-schemes: light dark; }
  @media (prefers-color-scheme: dark) {
    .paper, .paper > table > tbody > tr > td { background-color: ${dark.paper} !important; }
    .card { background-color: ${dark.card} !important; }
    .ink { color: ${dark.ink} !important; }
    .quiet { color: ${dark.quiet} !important; }
    .enamel { color: ${dark.enamel} !important; }
    .hairline { border-color: ${dark.hairline} !important; }
    .primary { background-color: ${dark.enamel} !important; border-color: ${dark.enamel} !important; color: ${dark.onEnamel} !important; }
    .secondary { border-color: ${dark.enamel} !important; color: ${dark.enamel} !important; }
  }`;

/** The design of all messages: one column on paper, 520 px wide at most. */
export function Page({ content }: { content: MessageContent }): ReactNode {
  const {
    locale,
    preview,
    event,
    heading,
    paragraphs,
    code,
    cafe,
    before,
    hasTicket,
    list,
    actions,
    deviceCode,
    note,
    footer,
  } = content;
  return (
    <Html lang={locale} dir="ltr">
      <Head>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="supported-color-schemes" content="light dark" />
        <title>{heading}</title>
        <style>{themes}</style>
      </Head>
      <Body className="paper" lang={locale} style={{ margin: 0, padding: '28px 0 36px', backgroundColor: light.paper }}>
        {/* Not the component Preview: its padding for the preview line would double the size of the message. */}
        <div style={{ display: 'none', maxHeight: 0, overflow: 'hidden' }}>{preview}</div>
        <Container style={{ maxWidth: '520px', padding: '0 20px' }}>
          <Masthead event={event} />
          <Heading
            as="h1"
            className="ink"
            style={{
              margin: '20px 0 14px',
              fontFamily: serif,
              fontSize: '29px',
              lineHeight: '35px',
              fontWeight: 600,
              color: light.ink,
            }}
          >
            {heading}
          </Heading>
          {paragraphs.map((text) => (
            <Text key={text} className="ink" style={body}>
              {text}
            </Text>
          ))}
          {code && <Code code={code} />}
          {cafe && <CafeCard cafe={cafe} before={before} locale={locale} />}
          {hasTicket && <Ticket locale={locale} />}
          {list && <List list={list} />}
          <Actions actions={actions} />
          {deviceCode && (
            <Text className="quiet" style={{ ...small, margin: '4px 0 0' }}>
              {deviceCode}
            </Text>
          )}
          {note && (
            <Text className="quiet" style={{ ...small, margin: '20px 0 0', fontSize: '16px', lineHeight: '23px' }}>
              {note}
            </Text>
          )}
          <Foot event={event} footer={footer} />
        </Container>
      </Body>
    </Html>
  );
}

/** The round table, and the event of the message. */
function Masthead({ event }: { event: string }): ReactNode {
  return (
    <table role="presentation" cellPadding={0} cellSpacing={0} border={0}>
      <tbody>
        <tr>
          <td>
            <Img src={`cid:${TABLE_CID}`} alt="" width="72" height="72" style={{ display: 'block' }} />
          </td>
          <td style={{ paddingLeft: '16px' }}>
            <Text
              className="enamel"
              style={{
                margin: 0,
                fontFamily: serif,
                fontSize: '19px',
                lineHeight: '24px',
                fontWeight: 600,
                color: light.enamel,
              }}
            >
              {event}
            </Text>
          </td>
        </tr>
      </tbody>
    </table>
  );
}

function Foot({ event, footer }: { event: string; footer: MessageContent['footer'] }): ReactNode {
  const fine: CSSProperties = { ...small, fontSize: '14px', lineHeight: '20px' };
  return (
    <>
      <Hr className="hairline" style={{ margin: '32px 0 12px', borderTop: `1px solid ${light.hairline}` }} />
      <Text className="quiet" style={fine}>
        {event}
      </Text>
      {footer && (
        <Text className="quiet" style={fine}>
          {footer.text}{' '}
          {footer.link && (
            <Link
              href={footer.link.url}
              className="enamel"
              style={{ color: light.enamel, textDecoration: 'underline' }}
            >
              {footer.link.label}
            </Link>
          )}
        </Text>
      )}
    </>
  );
}
