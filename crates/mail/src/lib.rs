//! Mail by SMTP: what features write goes out as proper MIME, over TLS, within a time. Nothing is queued here: a feature's
//! job repeats what a mail server did not take.

use std::time::Duration;

use hazebot_core::env::{SmtpEnv, SmtpSecurity};
use lettre::{
    Address, AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor,
    message::{Mailbox, MultiPart},
    transport::smtp::authentication::Credentials,
};
use secrecy::ExposeSecret as _;

/// How long a mail server may take for one step of the conversation.
const PATIENCE: Duration = Duration::from_secs(30);
/// Longest subject in characters: what fits in a list of mails.
const SUBJECT: usize = 200;

/// A mail to one address. Texts may hold anything that people write.
#[derive(Clone, Debug)]
pub struct Mail {
    /// Who gets it.
    pub to: String,
    /// Name beside the sender's address, such as the guild's.
    pub from_name: String,
    /// Cut to 200 characters; line breaks and other control characters become blanks.
    pub subject: String,
    /// For readers without HTML.
    pub text: String,
    /// The page.
    pub html: String,
    /// Tells a mail that is sent again from a new one: letters, digits, `-` and `.`.
    pub id: String,
}

/// Why a mail did not go out.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// No address to send to, or from.
    #[error("`{0}` is no mail address")]
    Address(String),
    /// It could not be written.
    #[error("the mail could not be written: {0}")]
    Written(#[from] lettre::error::Error),
    /// The mail server does not take it, now or ever.
    #[error("the mail server: {0}")]
    Server(#[from] lettre::transport::smtp::Error),
}

impl MailError {
    /// Whether it may go out later: the server is away, said "not now", or does not know our login, which somebody puts
    /// right without touching the mail.
    #[must_use]
    pub fn is_temporary(&self) -> bool {
        match self {
            Self::Address(_) | Self::Written(_) => false,
            Self::Server(error) => !error.is_permanent() || self.is_login_refused(),
        }
    }

    /// Whether the server refused our name and password, or wants others: 530, 534, 535 and 538 of RFC 4954, section 6.
    #[must_use]
    pub fn is_login_refused(&self) -> bool {
        let Self::Server(error) = self else { return false };
        let code = error.status().map(u16::from);
        matches!(code, Some(530 | 534 | 535 | 538))
    }
}

/// Sends mails. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Address,
    host: String,
}

impl Mailer {
    /// For the mail server of the environment. Nothing is asked of it yet.
    ///
    /// # Errors
    /// The account is no mail address, or the server's name is none.
    pub fn new(env: &SmtpEnv) -> Result<Self, MailError> {
        let builder = match env.security {
            SmtpSecurity::Tls => AsyncSmtpTransport::<Tokio1Executor>::relay(&env.server)?,
            SmtpSecurity::StartTls => AsyncSmtpTransport::<Tokio1Executor>::starttls_relay(&env.server)?,
            SmtpSecurity::None => AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&env.server),
        };
        let password = env.password.expose_secret().to_owned();
        let builder = builder
            .port(env.port)
            .timeout(Some(PATIENCE))
            .credentials(Credentials::new(env.user.clone(), password));
        let from = address(&env.user)?;
        Ok(Self {
            transport: builder.build(),
            host: from.domain().to_owned(),
            from,
        })
    }

    /// Sends one mail.
    ///
    /// # Errors
    /// [`MailError`]; see [`MailError::is_temporary`].
    pub async fn send(&self, mail: Mail) -> Result<(), MailError> {
        let message = self.written(mail)?;
        self.transport.send(message).await?;
        Ok(())
    }

    fn written(&self, mail: Mail) -> Result<Message, MailError> {
        let message = Message::builder()
            .from(Mailbox::new(Some(one_line(&mail.from_name)), self.from.clone()))
            .to(Mailbox::new(None, address(&mail.to)?))
            .subject(one_line(&mail.subject))
            .message_id(Some(format!("<{}@{}>", mail.id, self.host)));
        Ok(message.multipart(MultiPart::alternative_plain_html(mail.text, mail.html))?)
    }
}

fn address(text: &str) -> Result<Address, MailError> {
    text.trim()
        .parse()
        .map_err(|_| MailError::Address(text.to_owned()))
}

/// Nothing that ends a line gets into a header.
fn one_line(text: &str) -> String {
    let calm = |c: char| if c.is_control() { ' ' } else { c };
    text.chars().map(calm).take(SUBJECT).collect()
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};

    use super::*;

    fn env() -> SmtpEnv {
        SmtpEnv {
            server: "127.0.0.1".to_owned(),
            port: 2525,
            security: SmtpSecurity::None,
            user: "bot@example.org".to_owned(),
            password: "a password".to_owned().into(),
            support_email: None,
        }
    }

    fn mailer() -> Mailer {
        Mailer::new(&env()).unwrap()
    }

    fn mail(subject: &str) -> Mail {
        Mail {
            to: "desk@example.org".to_owned(),
            from_name: "Harbour \r\nBcc: victim@example.org".to_owned(),
            subject: subject.to_owned(),
            text: "first\n.\nlast".to_owned(),
            html: "<p>Grüße 👋🏽</p>".to_owned(),
            id: "ticket-1.0".to_owned(),
        }
    }

    /// C19: a creator's name, a subject or an encoded word with line ends in it.
    #[test]
    fn nothing_that_people_write_adds_a_header_or_a_recipient() {
        for subject in [
            "X\r\nBcc: victim@example.org",
            "=?utf-8?q?a=0D=0ABcc:_v@example.org?=",
            "🎫\u{85}Bcc: v@e.org",
        ] {
            let message = mailer().written(mail(subject)).unwrap();
            assert_eq!(message.envelope().to().len(), 1);
            let text = String::from_utf8(message.formatted()).unwrap();
            let head = text.split("\r\n\r\n").next().unwrap();
            assert!(
                head.lines().all(|line| !line.to_lowercase().starts_with("bcc")),
                "{head}"
            );
        }
    }

    #[test]
    fn a_mail_that_is_sent_again_has_the_same_id() {
        let head = |mail| String::from_utf8(mailer().written(mail).unwrap().formatted()).unwrap();
        assert!(head(mail("a")).contains("Message-ID: <ticket-1.0@example.org>"));
    }

    /// A mail server that answers each line of the conversation with the next of these.
    async fn server(answers: &'static [&'static str]) -> u16 {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move {
            let (stream, _) = listener.accept().await.unwrap();
            let (read, mut write) = stream.into_split();
            let mut lines = BufReader::new(read).lines();
            for answer in answers {
                write.write_all(answer.as_bytes()).await.unwrap();
                if lines.next_line().await.unwrap().is_none() {
                    return;
                }
            }
        });
        port
    }

    async fn refused_by(answers: &'static [&'static str]) -> MailError {
        let env = SmtpEnv {
            port: server(answers).await,
            ..env()
        };
        Mailer::new(&env).unwrap().send(mail("a")).await.unwrap_err()
    }

    #[tokio::test]
    async fn a_login_that_the_server_refuses_is_tried_again_later() {
        let error = refused_by(&[
            "220 ready\r\n",
            "250-here\r\n250 AUTH PLAIN LOGIN\r\n",
            "535 5.7.8 who are you?\r\n",
        ])
        .await;
        assert!(error.is_login_refused() && error.is_temporary(), "{error}");
    }

    #[tokio::test]
    async fn a_mail_that_the_server_refuses_is_refused_for_good() {
        let error = refused_by(&[
            "220 ready\r\n",
            "250-here\r\n250 AUTH PLAIN LOGIN\r\n",
            "235 welcome\r\n",
            "250 from\r\n",
            "550 no such person here\r\n",
        ])
        .await;
        assert!(!error.is_login_refused() && !error.is_temporary(), "{error}");
    }

    #[test]
    fn an_address_that_is_none_is_refused_for_good() {
        for to in ["", "nobody", "a@b.org, c@d.org", "a@b.org\r\nRCPT TO:<c@d.org>"] {
            let error = mailer()
                .written(Mail {
                    to: to.to_owned(),
                    ..mail("a")
                })
                .unwrap_err();
            assert!(
                matches!(error, MailError::Address(_)) && !error.is_temporary(),
                "{to}"
            );
        }
    }
}
