/* Words of messages, reminders and the calendar feed. */
export const messageWords = {
  messages: ['消息', 'Messages'],
  unread: ['{0} 条未读', '{0} unread'],
  noUnread: ['没有未读', 'Nothing unread'],
  onlyUnread: ['未读', 'Unread'],
  allMessages: ['全部', 'All'],
  markRead: ['标为已读', 'Mark read'],
  markAllRead: ['全部标为已读', 'Mark all read'],
  newMessage: ['未读', 'Unread'],
  emptyMessages: ['没有消息', 'No messages'],
  emptyUnread: ['没有未读消息', 'No unread messages'],
  emptyMessagesHint: [
    '期限临近、超期和逐级提醒会出现在这里。',
    'Reminders of due and overdue clocks appear here.'
  ],
  moreMessages: ['更早的消息', 'Earlier messages'],
  kind_yellow: ['即将到期', 'Due soon'],
  kind_red: ['到期', 'Due'],
  kind_daily: ['每日催办', 'Daily'],
  kind_approver: ['提请审批人', 'To the approver'],
  kind_head: ['提请负责人', 'To the head'],
  kind_supervisor: ['提请综合监督', 'To the supervisor'],
  kind_moved: ['期限调整', 'Day moved'],
  kind_paper_failed: ['公文排版失败', 'Paper failed'],
  kind_mail_failed: ['邮件退回', 'Mail bounced'],
  reminders: ['提醒方式', 'How you are reminded'],
  email: ['电子邮箱', 'E-mail address'],
  mailOn: ['同时发送邮件提醒', 'Send reminders by e-mail too'],
  mailHint: [
    '邮件只写编号、期限和链接，不含案件内容。',
    'Mail names reference, clock and day, never the content of a case.'
  ],
  mailOff: ['本系统未配置邮件服务。', 'This installation sends no mail.'],
  mailBounced: ['邮件于 {0} 被退回，请核对地址。', 'Mail came back on {0}: check the address.'],
  save: ['保存', 'Save'],
  saved: ['已保存', 'Saved'],
  calendarFeed: ['日历订阅', 'Calendar feed'],
  calendarHint: [
    '在手机或电脑日历中订阅本单位在办期限。地址等同口令，请勿转发。',
    'Subscribe to the open clocks of your body. The address is a secret: do not pass it on.'
  ],
  calendarMake: ['生成订阅地址', 'Make an address'],
  calendarAgain: ['重新生成', 'Make a new one'],
  calendarRevoke: ['停用', 'Revoke'],
  calendarOn: ['订阅地址已启用；地址只在生成时显示一次。', 'The feed is on; its address is shown once, when made.'],
  calendarOnce: ['地址只显示这一次，请现在复制。', 'Shown this once: copy it now.'],
  calendarRevoked: ['订阅地址已停用', 'The address no longer works']
} as const
